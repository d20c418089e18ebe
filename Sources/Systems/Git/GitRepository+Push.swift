import CLibgit2
import Foundation
import Model

extension GitRepository {
    /// Pushes the current branch to its upstream, as `git push` does with nothing named.
    ///
    /// SSH keys come from the agent, or from the usual files without a passphrase; passwords from
    /// the URL, or from the configured credential helpers. The hook `pre-push` is asked first.
    /// - Returns: where to, such as `origin/main`.
    /// - Throws: a `Problem` of kind `refused` when the other side has commits that are missing
    ///   here or says no, `unreachable` when it does not answer.
    package func push() async throws -> String {
        let request = try attempt("push", PushRequest.init)
        if let obstacle = request.unheardHook, !request.isDone { throw obstacle }
        if verifiesHooks { try await request.runHook(root: root, environment: environment) }
        let session = PushSession(environment, trust: request.trust(environment))
        do {
            try attempt("push") { try session.push($0, request) }
        } catch let problem as Problem {
            guard session.wantsPassword else { throw problem }
            let helpers = try attempt("read the git configuration") {
                CredentialHelpers($0, url: request.url, environment: environment)
            }
            guard let credential = try await helpers.fill() else {
                throw helpers.missing(request, problem)
            }
            let second = PushSession(
                environment, trust: request.trust(environment), password: credential)
            do {
                try attempt("push") { try second.push($0, request) }
            } catch let problem as Problem {
                if second.wantsPassword { await helpers.tell("erase", credential) }
                throw problem
            }
            await helpers.tell("store", credential)
        }
        return "\(request.remote)/\(request.branch)"
    }
}

/// What is pushed, and where to.
struct PushRequest {
    var remote: String
    /// As configured, rewritten by `url.*.insteadOf`; may hold a password.
    var url: String
    /// The name of the branch there.
    var branch: String
    var refspec: String
    /// The line that the hook `pre-push` reads.
    private let update: String
    private let hooks: String
    private let certificates: String?
    private let verifies: Bool
    /// What was fetched or pushed last is what would be pushed.
    let isDone: Bool
    /// The remote is a folder with hooks, which the library passes by.
    let unheardHook: Problem?

    /// Why a push cannot succeed; nil when nothing is known to be in the way.
    static func obstacle(_ handle: Handle) -> Problem? {
        do {
            return try PushRequest(handle).unheardHook
        } catch {
            return error as? Problem
        }
    }

    init(_ handle: Handle) throws {
        guard let reference = try handle.branchReference() else {
            throw Problem(
                .refused, "HEAD is detached, so there is no branch to push.",
                fix: "git switch BRANCH")
        }
        let local = reference.replacing("refs/heads/", with: "", maxReplacements: 1)
        let upstream = handle.setting("branch.\(local).remote")
        let chosen =
            handle.setting("branch.\(local).pushRemote") ?? handle.setting("remote.pushDefault")
            ?? upstream
        let merge = handle.setting("branch.\(local).merge")
        guard let chosen, let target = chosen == upstream ? merge : reference else {
            throw Problem(
                .refused, "The branch \(local) has no upstream to push to.",
                fix: "git push --set-upstream origin \(local)")
        }
        let name = target.replacing("refs/heads/", with: "", maxReplacements: 1)
        let found = try Owned(git_remote_free) { git_remote_lookup($0, handle.pointer, chosen) }
        url =
            (git_remote_pushurl(found.pointer) ?? git_remote_url(found.pointer))
            .map { String(cString: $0) } ?? chosen
        (remote, branch, refspec) = (chosen, name, "\(reference):\(target)")
        var old = git_oid()
        let known = git_reference_name_to_id(
            &old, handle.pointer, "refs/remotes/\(chosen)/\(name)")
        let zero = String(repeating: "0", count: 40)
        let new = try handle.head()?.hex ?? zero
        isDone = known == 0 && old.hex == new
        unheardHook = Self.hook(behind: url, root: handle.workTree ?? "")
        update = "\(reference) \(new) \(target) \(known == 0 ? old.hex : zero)\n"
        hooks = CommitHooks.folder(handle)
        certificates = handle.path("http.sslCAInfo")
        verifies = handle.flag("http.sslVerify") ?? true
    }

    /// Source: githooks(5).
    private static func hook(behind url: String, root: String) -> Problem? {
        let place =
            url.hasPrefix("file://") ? url.dropFirst("file://".count).removingPercentEncoding : url
        guard let place, !place.contains("://"), !place.prefix(while: { $0 != "/" }).contains(":"),
            let remote = try? Handle(around: place.hasPrefix("/") ? place : root + "/" + place)
        else { return nil }
        let names = [
            "pre-receive", "update", "proc-receive", "reference-transaction", "post-receive",
            "post-update",
        ]
        let hooks = names.map { CommitHooks.folder(remote) + "/" + $0 }
        guard let hook = hooks.first(where: FileManager.default.isExecutableFile) else {
            return nil
        }
        return Problem(
            .refused, "The remote is a folder with hooks, which only git itself runs.", at: hook,
            fix: "Leave out --push, and push by hand: git push")
    }

    /// Which certificates of servers are accepted.
    func trust(_ environment: [String: String]) -> PushSession.Trust {
        let isOff = environment["GIT_SSL_NO_VERIFY"].map { !$0.isEmpty } ?? !verifies
        return .init(
            authorities: environment["GIT_SSL_CAINFO"] ?? certificates, verifies: !isOff)
    }

    /// - Throws: a `Problem` when the hook says no.
    func runHook(root: String, environment: [String: String]) async throws {
        let hook = hooks + "/pre-push"
        guard FileManager.default.isExecutableFile(atPath: hook) else { return }
        let outcome = try await Program(
            hook: hook, arguments: [remote, url], environment: environment, root: root,
            input: Data(update.utf8)
        ).run()
        guard outcome.status != 0 else { return }
        let lines = (outcome.output + outcome.errors).split(separator: "\n").suffix(20)
        throw Problem(
            .refused,
            outcome.status == nil
                ? "The git hook pre-push did not end within ten minutes."
                : "The git hook pre-push refused the push.",
            at: hook, details: lines.map(String.init),
            fix: "Repair what the hook complains about, then: git push")
    }
}
