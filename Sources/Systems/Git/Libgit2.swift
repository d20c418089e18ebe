import CLibgit2

/// What libgit2 said when a call failed. Turned into a `Problem` before it leaves this target.
///
/// The text alone can be stale or unrelated, so code and class always travel with it.
/// Source: libgit2 `include/git2/errors.h`.
struct GitFailure: Error, Equatable {
    var code: Int32
    var category: Int32
    var message: String

    var isNotFound: Bool { code == GIT_ENOTFOUND.rawValue }
    var isLocked: Bool { code == GIT_ELOCKED.rawValue }
}

/// The library itself.
enum Libgit2 {
    /// Starts the library once per process; it is never shut down.
    static let isStarted = git_libgit2_init() > 0

    /// Throws what the library has to say when `code` is negative. Must run on the thread of
    /// the failed call, right after it.
    static func check(_ code: Int32) throws(GitFailure) {
        guard code < 0 else { return }
        var failure = GitFailure(code: code, category: 0, message: "error \(code)")
        if let last = git_error_last() {
            failure.category = last.pointee.klass
            if let text = last.pointee.message { failure.message = String(cString: text) }
        }
        throw failure
    }

    /// A text the library fills in.
    static func text(
        _ fill: (UnsafeMutablePointer<git_buf>) -> Int32
    ) throws(GitFailure) -> String {
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        try check(fill(&buffer))
        guard let start = buffer.ptr else { return "" }
        let bytes = UnsafeRawBufferPointer(start: start, count: buffer.size)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A library object, freed with the last reference to it. Never crosses a thread.
final class Owned {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Makes the object with `make`, which gets the place to put it.
    init(
        _ free: @escaping (OpaquePointer?) -> Void,
        _ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws(GitFailure) {
        var made: OpaquePointer?
        try Libgit2.check(make(&made))
        guard let made else {
            throw GitFailure(code: -1, category: 0, message: "the library gave nothing")
        }
        pointer = made
        self.free = free
    }

    deinit { free(pointer) }
}

extension git_oid {
    /// Forty hex digits.
    var hex: String {
        var copy = self
        return withUnsafeBytes(of: &copy) { bytes in
            bytes.map { byte in
                let digits = String(byte, radix: 16)
                return byte < 16 ? "0" + digits : digits
            }.joined()
        }
    }

    func isEqual(to other: git_oid) -> Bool {
        var (a, b) = (self, other)
        return git_oid_equal(&a, &b) != 0
    }

    /// Nil unless `hex` is forty hex digits.
    init?(hex: String) {
        guard hex.utf8.count == 40 else { return nil }
        var id = git_oid()
        guard git_oid_fromstr(&id, hex) == 0 else { return nil }
        self = id
    }
}
