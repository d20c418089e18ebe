import CLibgit2
import Foundation
import Model

/// One edit made in what git holds of a file, so that nothing else of the work tree comes along.
struct EditedBlob {
    var handle: Handle
    var edit: ValueEdit
    var editing: TextEditing

    private var path: String { edit.place.file }

    /// Throws when the file does not hold the new value, which the commit would claim.
    func checkFile() throws {
        let file = (handle.workTree ?? "") + "/" + path
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Problem(
                .refused, "\(path) cannot be read.", at: path, fix: "git status -- \(path)")
        }
        let bytes = [UInt8](data)
        guard try editing(edit, bytes) != bytes else { return }
        throw Problem(
            .refused, "\(path) does not hold \(edit.new) any more: somebody put \(edit.old) back.",
            at: path, fix: "bump tfvars set \(path) '\(edit.place.path)' '\(edit.new)'")
    }

    /// What is to be committed: HEAD's bytes with the edit in them.
    func ofHead(_ id: git_oid) throws -> git_oid {
        do {
            return try edited(id)
        } catch let problem as Problem {
            throw Problem(
                .refused,
                "\(path) cannot be committed: HEAD holds something else than the run knew.",
                at: path, details: ["HEAD: \(problem.summary)"] + problem.details,
                fix: "git diff HEAD -- \(path) && git commit -m 'your words' -- \(path), then: "
                    + "bump resume, or bump abort")
        }
    }

    /// What is to be staged: the same as is committed, or, where more is staged, that with the edit
    /// in it. What cannot take the edit stays as it was staged.
    func ofIndex(head: git_oid, committed: git_oid) throws -> git_oid {
        guard let now = try handle.staged(path)?.id, !now.isEqual(to: head) else {
            return committed
        }
        do {
            return try edited(now)
        } catch is Problem {
            return now
        }
    }

    /// Edited in the form that files have on disk, as it would be by hand.
    private func edited(_ id: git_oid) throws -> git_oid {
        var id = id
        let blob = try Owned(git_blob_free) { git_blob_lookup($0, handle.pointer, &id) }
        let size = Int(git_blob_rawsize(blob.pointer))
        let raw =
            git_blob_rawcontent(blob.pointer)
            .map { [UInt8](UnsafeRawBufferPointer(start: $0, count: size)) } ?? []
        let bytes = try filtered(raw, GIT_FILTER_TO_WORKTREE, blob)
        let edited = try editing(edit, bytes)
        if edited == bytes { return id }
        let stored = try filtered(edited, GIT_FILTER_TO_ODB, nil)
        var result = git_oid()
        try Libgit2.check(
            git_blob_create_from_buffer(&result, handle.pointer, stored, stored.count))
        return result
    }

    private func filtered(
        _ bytes: [UInt8], _ mode: git_filter_mode_t, _ blob: Owned?
    ) throws -> [UInt8] {
        var list: OpaquePointer?
        try Libgit2.check(
            git_filter_list_load(
                &list, handle.pointer, blob?.pointer, path, mode, GIT_FILTER_DEFAULT.rawValue))
        guard let list else { return bytes }
        defer { git_filter_list_free(list) }
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        let code = bytes.withUnsafeBytes {
            git_filter_list_apply_to_buffer(
                &buffer, list, $0.bindMemory(to: CChar.self).baseAddress, bytes.count)
        }
        try Libgit2.check(code)
        guard let start = buffer.ptr else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: buffer.size))
    }
}
