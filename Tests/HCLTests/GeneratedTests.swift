import Foundation
import Testing

@testable import HCL

/// Thousands of made-up files, read and edited by us and by Terraform. `scripts/compare-hcl` runs
/// ten thousand; without being told, a few hundred are enough to notice a slip.
@Suite(.serialized, .enabled(if: Terraform.isInstalled, "terraform is not installed"))
struct GeneratedTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["BUMP_HCL_FILES"].flatMap(Int.init) ?? 400
    private static let seed = environment["BUMP_HCL_SEED"].flatMap(UInt64.init) ?? 1
    private static let batch = 400

    @Test func `files that were made up are read and edited as Terraform reads them`() throws {
        let terraform = try #require(try Terraform())
        let cleaner = try #require(try Terraform())
        defer {
            terraform.remove()
            cleaner.remove()
        }
        var comparison = Comparison(terraform)
        var edits = EditComparison(cleaner, seed: Self.seed)
        for start in stride(from: 0, to: Self.count, by: Self.batch) {
            let files = (start..<min(start + Self.batch, Self.count)).map { index in
                var generator = FileGenerator(seed: Self.seed, index: index)
                return Comparison.File(name: "file\(index).tfvars", bytes: generator.file())
            }
            let values = try comparison.compare(files)
            let accepted = files.compactMap { file in
                values[file.name].map { EditComparison.Source(file: file, values: $0) }
            }
            try edits.compare(accepted, with: &comparison)
        }
        let disagreements = comparison.disagreements + edits.disagreements
        for disagreement in disagreements.prefix(20) {
            Issue.record(Comment(rawValue: disagreement))
        }
        print("seed \(Self.seed), \(Self.count) files: \(comparison.tally)")
        print("\(edits.tally)")
        #expect(comparison.tally.accepted > Self.count / 3)
        #expect(comparison.tally.refused > Self.count / 10)
        #expect(comparison.tally.left < Self.count / 10)
        #expect(edits.tally.formatted > Self.count / 20)
    }
}
