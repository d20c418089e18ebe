import Foundation
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file in which the `local` backend keeps the state, and what a program that was killed left
/// around it.
///
/// Terraform empties the file before it writes it, and holds a POSIX lock on it while it works.
/// Source: terraform `internal/states/statemgr/filesystem.go`.
struct StateFile {
    /// Relative to the repository root.
    let name: String
    private let root: String
    private let lockName: String

    /// Nil when the state is kept elsewhere.
    init?(_ location: StateLocation, directory: String, root: String) {
        guard location.backend == "local", location.place == nil else { return nil }
        let prefix = directory == "." ? "" : directory + "/"
        let folder =
            location.workspace == "default"
            ? prefix : "\(prefix)terraform.tfstate.d/\(location.workspace)/"
        name = folder + "terraform.tfstate"
        lockName = folder + ".terraform.tfstate.lock.info"
        self.root = root
    }

    /// The process that works with the state now; nil when none does.
    var holder: Int32? {
        let descriptor = open(root + "/" + name, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else {
            return nil
        }
        return lock.l_pid
    }

    /// What to know of a run that ended without giving its lock back: it was killed.
    var abandonedRun: String? {
        guard let data = FileManager.default.contents(atPath: root + "/" + lockName),
            holder == nil
        else { return nil }
        let lock = try? JSONDecoder().decode(JSONValue.self, from: data)
        let work = lock?["Operation"]?.string?.replacing("OperationType", with: "").lowercased()
        let who = lock?["Who"]?.string.map { " by \($0)" } ?? ""
        let start = lock?["Created"]?.string.map { ", begun \($0.prefix(19))Z" } ?? ""
        return "an earlier \(work ?? "run")\(who)\(start) was killed; what it was making at that "
            + "moment may exist without being in the state"
    }

    /// Why nothing may be done with the state: it was lost, and a copy is there.
    var damage: Problem? {
        guard holder == nil, isBroken(name), !isBroken(name + ".backup") else { return nil }
        return Problem(
            .refused, "The Terraform state is broken: Terraform was killed while it wrote it.",
            at: name,
            details: [
                "\(name).backup holds the state from before that run.",
                "What that run made or destroyed is not in there: read the next plan with care.",
            ],
            fix: "cp \(name).backup \(name)")
    }

    /// True for a file that is there without a state in it, or not there.
    private func isBroken(_ name: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: root + "/" + name) else {
            return name != self.name
        }
        return (try? JSONDecoder().decode(JSONValue.self, from: data))?.object == nil
    }
}
