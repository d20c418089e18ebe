import Foundation

/// The plan that was reviewed, in a file that only its owner can read, with a fingerprint of the
/// files it was made from.
struct SavedPlan {
    let path: String
    private let mark: String

    init(folder: String, name: String = "terraform.tfplan") {
        path = folder + "/" + name
        mark = path + ".inputs"
    }

    func isCurrent(for directory: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
            && (try? String(contentsOfFile: mark, encoding: .utf8))
                == Self.fingerprint(of: directory)
    }

    func keep(_ fingerprint: String) {
        let files = FileManager.default
        try? files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        _ = files.createFile(
            atPath: mark, contents: Data(fingerprint.utf8), attributes: [.posixPermissions: 0o600])
    }

    func remove() {
        for file in [path, mark] { try? FileManager.default.removeItem(atPath: file) }
    }

    /// Of names and bytes of all configuration and variable files (FNV-1a, 64 bits).
    static func fingerprint(of directory: String) -> String {
        let names =
            TerraformDirectory.configurationFiles(in: directory)
            + VariableSources.variableFiles(in: directory)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in names {
            let bytes = FileManager.default.contents(atPath: directory + "/" + name) ?? Data()
            for byte in Array(name.utf8) + [0] + Array(bytes) + [0] {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            }
        }
        return String(hash, radix: 16)
    }
}
