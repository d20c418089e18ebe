import ArgumentParser
import Model
import Planning

struct BackupCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Make a Velero backup and an etcd snapshot, and verify both.",
        discussion: """
            bump backup                    named by the time
            bump backup before-the-move    named by you
            """)

    @Argument(help: "The backup's name; made from the time when it is left out.")
    var name: String?

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        if let name, !Self.isName(name) {
            throw Problem(
                .usage, "\(name) cannot be the name of a backup.",
                details: ["Small letters, digits, dashes and dots, 63 at most."],
                fix: "bump backup before-the-move")
        }
        try await Upgrade(shared: shared, options: options).run { context in
            BackupPlanner(
                snapshot: context.snapshot, options: context.options, id: context.id,
                now: context.now
            ).plan(named: name ?? "bump-\(context.id)")
        }
    }

    /// RFC 1123, as Kubernetes wants names.
    static func isName(_ text: String) -> Bool {
        let isInside = text.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
        }
        let isEdge = { (byte: UInt8?) in byte != nil && byte != 45 && byte != 46 }
        return isInside && (1...63).contains(text.utf8.count) && isEdge(text.utf8.first)
            && isEdge(text.utf8.last)
    }
}
