#include <git2.h>

/// Which authorities TLS trusts: a file, a folder, or both. For the whole process.
/// A function of its own because Swift cannot call one with variable arguments.
static inline int git_bump_set_tls_authorities(const char *file, const char *folder) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, folder);
}
