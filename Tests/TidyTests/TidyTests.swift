import Foundation
import Testing

/// What neither the formatter nor the compiler holds up.
struct TidyTests {
    private let tree = SourceTree()

    private func swift(_ folders: String...) throws -> [SourceTree.File] {
        try folders.flatMap { try tree.files(below: $0, ending: ".swift") }
    }

    @Test func `no source file outgrows one sitting`() throws {
        for file in try swift("Sources", "Tests") {
            #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test(arguments: [
        "try" + "!", "as" + "!", "fatal" + "Error(", "@unchecked " + "Sendable",
        "Task." + "detached", "TO" + "DO", "FIX" + "ME",
    ])
    func `what gives up instead of telling is not used`(call: String) throws {
        for file in try swift("Sources", "Tests") {
            let isUsed = file.text.contains(call)
            #expect(!isUsed, "\(file.path) uses \(call)")
        }
    }

    /// What a stage or a vendor needs of the process is passed in, and tasks that nobody waits for
    /// are begun by the command alone.
    @Test(arguments: [
        "Model", "Inspection", "Planning", "Execution", "Display", "Simulation", "Rehearsal",
    ])
    func `the core reads neither the clock nor the process`(target: String) throws {
        let banned = [
            " Date()", " Date.now", " ProcessInfo", " getenv", ".random(", " FileHandle.standard",
            " Task {",
        ]
        for file in try swift("Sources/\(target)") {
            for call in banned {
                let isUsed = file.text.contains(call)
                #expect(!isUsed, "\(file.path) uses “\(call)”")
            }
        }
    }

    @Test(arguments: [
        ("Model", []), ("Inspection", ["Model"]), ("Planning", ["Model"]),
        ("Execution", ["Model"]), ("Display", ["Model"]), ("Systems/HCL", []),
        ("Systems/Terraform", ["HCL", "Model"]), ("Systems/Git", ["CLibgit2", "Model"]),
        ("Systems/Talos", ["TalosAPI", "Model"]), ("Systems/Kubernetes", ["Model"]),
        ("Systems/Releases", ["Model"]), ("Simulation", ["Model"]),
        ("Rehearsal", ["Execution", "Planning", "Simulation", "Model"]),
        ("Lab", ["Simulation", "TalosAPI", "Model"]),
    ])
    func `imports go one way`(folder: String, allowed: [String]) throws {
        let ours = Set([
            "Bump", "Model", "Inspection", "Planning", "Execution", "Display", "HCL", "Terraform",
            "Git", "CLibgit2", "TalosAPI", "Talos", "Kubernetes", "Releases", "Simulation",
            "Rehearsal", "Lab",
        ])
        for file in try swift("Sources/\(folder)") {
            for match in file.text.matches(of: /(?m)^(?:\w+ )?import (?:\w+ )?(\w+)/) {
                let name = String(match.1)
                #expect(
                    !ours.contains(name) || allowed.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    @Test func `every fixture is used`() throws {
        for target in try FileManager.default.contentsOfDirectory(
            atPath: tree.root.appending(path: "Tests").path)
        {
            let tests = try swift("Tests/\(target)").map(\.text).joined()
            for fixture in try tree.files(below: "Tests/\(target)/Fixtures", ending: ".json") {
                let name = (fixture.name as NSString).deletingPathExtension
                #expect(tests.contains(name), "\(fixture.path) is used by no test")
            }
        }
    }

    @Test func `every link in the documents leads somewhere`() throws {
        let pages =
            try tree.files(below: "docs", ending: ".md")
            + tree.files(below: "terraform", ending: ".md")
            + ["README.md", "CONTRIBUTING.md"].map { try tree.file($0) }
        for page in pages {
            for match in page.text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/) {
                let link = String(match.1)
                guard !link.contains("://") else { continue }
                let path = page.folder.isEmpty ? link : "\(page.folder)/\(link)"
                #expect(tree.exists(path), "\(page.path) links to \(link)")
            }
        }
    }

    @Test func `every page of the documents can be found from the first`() throws {
        let linked = try ["README.md", "CONTRIBUTING.md"]
            .map { try tree.file($0).text }.joined()
        for page in try tree.files(below: "docs", ending: ".md") {
            #expect(linked.contains(page.name), "\(page.path) is linked from nowhere")
        }
    }
}
