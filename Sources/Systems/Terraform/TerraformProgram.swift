import Foundation
import Model

/// The `terraform` or `tofu` program on this machine.
package struct TerraformProgram: Sendable, Equatable {
    /// Absolute path.
    package var path: String
    /// As it is typed: `terraform` or `tofu`.
    package var name: String

    /// Looks at `BUMP_TERRAFORM`, then at `PATH`, then in `folders`. A dependency lock file that
    /// OpenTofu wrote, or files that only it reads, make `tofu` the first choice.
    /// - Throws: a `Problem` of kind `refused` when there is none.
    package static func find(
        directory: String, environment: [String: String], alsoIn folders: [String] = []
    ) throws -> TerraformProgram {
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + folders
        if let chosen = environment["BUMP_TERRAFORM"], !chosen.isEmpty {
            if let program = at(chosen, in: path) { return program }
            throw Problem(
                .refused, "BUMP_TERRAFORM names \(chosen), which cannot be run.",
                fix: "export BUMP_TERRAFORM=/path/to/terraform")
        }
        for name in isOpenTofu(directory) ? ["tofu", "terraform"] : ["terraform", "tofu"] {
            if let program = at(name, in: path) { return program }
        }
        throw Problem(
            .refused, "The program terraform (or tofu) is not installed.",
            fix: "Install it from https://developer.hashicorp.com/terraform/install or "
                + "https://opentofu.org/docs/intro/install, or export BUMP_TERRAFORM=PATH")
    }

    /// OpenTofu wrote the dependency lock file, or there are files that only it reads.
    static func isOpenTofu(_ directory: String) -> Bool {
        let lock = try? String(contentsOfFile: directory + "/.terraform.lock.hcl", encoding: .utf8)
        if let lock { return lock.contains("registry.opentofu.org") }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.contains { $0.hasSuffix(".tofu") }
    }

    private static func at(_ name: String, in folders: [String]) -> TerraformProgram? {
        let candidates =
            name.contains("/")
            ? [URL(fileURLWithPath: name).path] : folders.map { $0 + "/" + name }
        guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
            return nil
        }
        let isTofu = path.split(separator: "/").last?.contains("tofu") == true
        return TerraformProgram(path: path, name: isTofu ? "tofu" : "terraform")
    }
}
