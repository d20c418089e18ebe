import Foundation
import HCL
import Model

/// Finds the folder with the Terraform configuration of the cluster.
package enum TerraformDirectory {
    /// The Terraform directory relative to `root`, `.` for the root itself.
    ///
    /// - Parameters:
    ///   - setting: `terraform.directory` of `.bump.yaml`, which wins over looking.
    /// - Throws: a `Problem` of kind `refused` when none or several qualify; several are listed.
    package static func find(
        in root: String, setting: String? = nil, variables: VariableNames = VariableNames()
    ) throws -> String {
        if let setting { return try check(setting, root: root) }
        let roots = withoutTemplates(
            configurations(in: root).filter {
                declares(variables.versionVariables, directory: root + "/" + $0)
            }, in: root)
        guard let first = roots.first else {
            throw Problem(
                .refused, "No Terraform directory was found.", at: root,
                details: [
                    "Looked in ., terraform/, tofu/ and folders up to two levels deep for .tf",
                    "files that declare a variable named "
                        + variables.versionVariables.joined(separator: " or ") + ".",
                ],
                fix: "bump init, in your infrastructure repository (or with -C DIR): it looks "
                    + "for other names. Or say so in .bump.yaml: "
                    + "terraform: {directory: DIR}, variables: {talos: NAME}")
        }
        guard roots.count == 1 else {
            throw Problem(
                .refused, "Several Terraform directories declare the versions of a cluster.",
                at: root, details: roots.map { "  " + $0 },
                fix: "Choose one in .bump.yaml: terraform: {directory: \(first)}")
        }
        return first
    }

    /// Leaves out what lies inside another configuration and shows no sign of use: a template or
    /// an example that was put beside it.
    private static func withoutTemplates(_ folders: [String], in root: String) -> [String] {
        folders.filter { folder in
            let isNested = folders.contains { outer in
                outer != folder && (outer == "." || folder.hasPrefix(outer + "/"))
            }
            return !isNested || isUsed(root + "/" + folder)
        }
    }

    /// True when somebody ran Terraform there, gave it values, or said where its state is kept.
    private static func isUsed(_ directory: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let signs: Set = [
            ".terraform", ".terraform.lock.hcl", "terraform.tfstate", "terraform.tfstate.d",
        ]
        return names.contains(where: signs.contains)
            || !VariableSources.ordered(names).isEmpty
            || configurationFiles(in: directory).contains { file in
                let path = directory + "/" + file
                guard file.hasSuffix(".tf") || file.hasSuffix(".tofu"),
                    let data = FileManager.default.contents(atPath: path),
                    let module = try? HCLModule(parsing: [UInt8](data))
                else { return false }
                return !module.backends.isEmpty
            }
    }

    /// The configuration files of a directory, those that override others last; names only.
    static func configurationFiles(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let visible = names.filter { !$0.hasPrefix(".") }
        var wanted = visible.filter { $0.hasSuffix(".tf") || $0.hasSuffix(".tf.json") }
        if TerraformProgram.isOpenTofu(directory) {
            // Each stands in for the .tf file of the same name.
            let tofu = visible.filter { $0.hasSuffix(".tofu") || $0.hasSuffix(".tofu.json") }
            let replaced = Set(tofu.map { $0.replacing(".tofu", with: ".tf") })
            wanted = wanted.filter { !replaced.contains($0) } + tofu
        }
        let files = wanted.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return files.filter { !isOverride($0) } + files.filter(isOverride)
    }

    private static func isOverride(_ name: String) -> Bool {
        let stem = name.prefix { $0 != "." }
        return stem == "override" || stem.hasSuffix("_override")
    }

    private static func check(_ setting: String, root: String) throws -> String {
        var parts: [Substring] = []
        for part in setting.split(separator: "/") where part != "." {
            guard part != "..", !setting.hasPrefix("/") else {
                throw Problem(
                    .refused, "The Terraform directory \(setting) is outside the repository.",
                    at: ".bump.yaml", fix: "terraform: {directory: a folder below the root}")
            }
            parts.append(part)
        }
        let name = parts.isEmpty ? "." : parts.joined(separator: "/")
        guard !configurationFiles(in: root + "/" + name).isEmpty else {
            throw Problem(
                .refused, "The Terraform directory \(setting) holds no .tf files.",
                at: ".bump.yaml",
                fix: "bump init, after taking terraform.directory out of .bump.yaml")
        }
        return name
    }

    /// Folders with configuration files, those left out that another one uses as a module.
    static func configurations(in root: String) -> [String] {
        let folders = candidates(in: root).filter {
            !configurationFiles(in: root + "/" + $0).isEmpty
        }
        let modules = Set(folders.flatMap { localModules(of: $0, root: root) })
        return folders.filter { folder in
            // The root of a module's own repository is used by what tries the module out.
            !modules.contains(folder) || (folder == "." && isUsed(root))
        }
    }

    /// Folders where a configuration may be: the root, and down to two levels below it.
    private static func candidates(in root: String) -> [String] {
        let first = folders(in: root)
        let second = first.flatMap { parent in
            folders(in: root + "/" + parent).map { parent + "/" + $0 }
        }
        return ["."] + first + second
    }

    /// At most a thousand, without hidden ones and those that hold other people's code.
    private static func folders(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let skipped: Set = ["modules", "examples", "node_modules", "vendor", "generated"]
        return names.sorted().prefix(1000).filter { name in
            var isFolder: ObjCBool = false
            let path = directory + "/" + name
            return !name.hasPrefix(".") && !skipped.contains(name)
                && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder.boolValue
        }
    }

    private static func declares(_ names: [String], directory: String) -> Bool {
        configurationFiles(in: directory).contains { file in
            guard let data = FileManager.default.contents(atPath: directory + "/" + file) else {
                return false
            }
            if file.hasSuffix(".json") {
                let document = try? HCLDocument(parsing: [UInt8](data), as: .json)
                return names.contains {
                    document?.value(at: HCLPath(name: "variable", steps: [.key($0)])) != nil
                }
            }
            if let module = try? HCLModule(parsing: [UInt8](data)) {
                return module.variables.contains { names.contains($0.name) }
            }
            // A file with a mistake in it still counts: the mistake is reported when it is read.
            let text = String(decoding: data, as: UTF8.self)
            return names.contains { text.contains("variable \"\($0)\"") }
        }
    }

    /// Folders that a configuration uses as modules are not configurations of their own.
    private static func localModules(of directory: String, root: String) -> [String] {
        configurationFiles(in: root + "/" + directory).flatMap { file -> [String] in
            let path = root + "/" + directory + "/" + file
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
            let calls = text.matches(of: /"?\bsource"?\s*[=:]\s*"(\.\.?\/[^"]*)"/)
            return calls.map { match in
                let base = URL(fileURLWithPath: "/" + (directory == "." ? "" : directory))
                let target = base.appendingPathComponent(String(match.1)).standardizedFileURL.path
                let name = target.split(separator: "/").joined(separator: "/")
                return name.isEmpty ? "." : name
            }
        }
    }
}
