import Foundation
import Model
import Testing

@testable import Execution

@Suite struct `A journal` {
    private let folder: RunFolder
    private let records: [JournalRecord] = [
        .begun(at: 1), .intent(step: "w-1/upgrade", bootID: "b"),
        .outcome(step: "w-1/upgrade", .done), .verdict(node: "w-1", .fellBack),
        .finished(.stopped),
    ]

    init() throws {
        let root = URL(filePath: NSTemporaryDirectory()).appending(path: "journal-\(UUID())")
        folder = RunFolder(id: RunID("r"), repository: root)
        try folder.create()
        let journal = try Journal(in: folder)
        for record in records { try journal.append(record) }
        journal.close()
    }

    private var path: String { folder.path(of: "journal") }

    @Test func `gives back what was written, and goes on behind it`() throws {
        let again = try Journal(in: folder)
        #expect(again.records == records)
        try again.append(.begun(at: 2))
        #expect(try Journal.read(in: folder) == records + [.begun(at: 2)])
    }

    @Test func `cuts a torn tail at every length`() throws {
        let whole = try Data(contentsOf: URL(filePath: path))
        for length in 0..<whole.count {
            try whole.prefix(length).write(to: URL(filePath: path))
            let journal = try Journal(in: folder)
            #expect(journal.records == Array(records.prefix(journal.records.count)))
            try journal.append(.begun(at: 9))
            #expect(try Journal.read(in: folder).last == .begun(at: 9))
        }
    }

    @Test func `says where it is damaged before its tail`() throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[12] ^= 0x01
        try bytes.write(to: URL(filePath: path))
        let problem = #expect(throws: Problem.self) { try Journal.read(in: folder) }
        #expect(problem?.location == ".bump/runs/r/journal:1")
    }

    /// A synced record that changed is no torn one: it must not be forgotten.
    @Test func `does not take a flipped bit in its last line for a torn write`() throws {
        let whole = try Data(contentsOf: URL(filePath: path))
        let last = try #require(whole.dropLast().lastIndex(of: 0x0A)) + 1
        for offset in last..<whole.count - 1 {
            var bytes = whole
            bytes[offset] ^= 0x01
            if bytes[offset] == 0x0A { continue }
            try bytes.write(to: URL(filePath: path))
            let problem = #expect(throws: Problem.self) { try Journal(in: folder) }
            #expect(problem?.fix?.contains("mv .bump/runs/r .bump/r.damaged") == true)
            #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
        }
    }

    @Test func `cuts a last line of which a block never reached the disk`() throws {
        let whole = try Data(contentsOf: URL(filePath: path))
        var bytes = whole
        bytes.append(Data("6 20 12".utf8) + Data(repeating: 0, count: 40) + Data([0x0A]))
        try bytes.write(to: URL(filePath: path))
        #expect(try Journal.read(in: folder) == records)
    }

    /// Also as the last line, where less care would cut it.
    @Test func `names a newer version instead of forgetting what it wrote`() throws {
        let json = Data(#"{"teleported":{"node":"w-1"}}"#.utf8)
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes += Data("6 \(json.count) \(Journal.checksum(json)) ".utf8) + json + Data([0x0A])
        try bytes.write(to: URL(filePath: path))
        let problem = #expect(throws: Problem.self) { try Journal(in: folder) }
        #expect(problem?.summary == "The journal was written by a newer version of bump.")
        #expect(problem?.location == ".bump/runs/r/journal:6")
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    }

    @Test func `is private`() throws {
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }
}

@Suite struct `What a run remembers` {
    @Test func `knows what is settled, unclear and changed`() {
        let memory = Memory([
            .begun(at: 0), .intent(step: "edit", bootID: nil), .outcome(step: "edit", .done),
            .intent(step: "w/pull", bootID: nil),
        ])
        #expect(memory.isSettled("edit"))
        #expect(memory.isUnclear("w/pull"))
        #expect(!memory.hasChangedAnything)
        var later = memory
        later.note(.intent(step: "w/upgrade", bootID: "b1"))
        #expect(later.hasChangedAnything)
        #expect(later.bootID(before: "w") == "b1")
    }

    @Test func `lets a node be installed once more that was not installed after all`() {
        var memory = Memory([
            .begun(at: 0), .intent(step: "w/install", bootID: "b1"),
            .outcome(step: "w/install", .unclear), .intent(step: "w/reboot", bootID: "b1"),
            .outcome(step: "w/reboot", .done),
        ])
        #expect(memory.isSettled("w/install"))
        #expect(memory.installed == ["w": InstallTrace(bootID: "b1", isComplete: false)])
        memory.note(.verdict(node: "w", .notInstalled))
        #expect(!memory.isSettled("w/install") && !memory.isSettled("w/reboot"))
        #expect(memory.bootID(before: "w") == nil)
        #expect(memory.hasChangedAnything)
        memory.note(.intent(step: "w/install", bootID: "b2"))
        memory.note(.outcome(step: "w/install", .done))
        #expect(memory.installed == ["w": InstallTrace(bootID: "b2", isComplete: true)])
    }

    @Test func `forgets an end when the run is taken up again`() {
        #expect(Memory([.begun(at: 0), .finished(.stopped), .begun(at: 1)]).result == nil)
    }
}
