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

    @Test func `forgets an end when the run is taken up again`() {
        #expect(Memory([.begun(at: 0), .finished(.stopped), .begun(at: 1)]).result == nil)
    }
}
