import Foundation
import HCL
package import Model

/// What a folder with Terraform files holds that looks like the versions of a cluster.
package struct ConfigurationSurvey: Sendable {
    /// Relative to the repository root, `.` for the root itself.
    package let directory: String
    /// The surest first.
    package let talos: [Candidate]
    package let kubernetes: [Candidate]
    package let extensions: [Candidate]
    /// Names of outputs, in file order.
    package let outputs: [String]
    /// Files of values, in the order in which Terraform loads them, relative to the root.
    package let variableFiles: [String]
    package let state: StateLocation
    /// Versions that are written into a module's or resource's arguments or a local value, where
    /// no variable leads: `main.tf:12: talos_version = "v1.9.2"`.
    package let literals: [String]

    /// A value that may be what is looked for.
    package struct Candidate: Sendable, Equatable {
        /// As `variables` of `.bump.yaml` takes it: `talos_image.version`.
        package var path: String
        /// The version, or the names with commas between.
        package var text: String
        package var place: Place
        package var sureness: Sureness
    }

    /// How sure a candidate is, by its name.
    package enum Sureness: String, Sendable, Comparable {
        case possible, likely, certain

        package static func < (left: Sureness, right: Sureness) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .possible: 0
            case .likely: 1
            case .certain: 2
            }
        }
    }

    /// All folders of the repository that hold versions, those used as modules left out.
    ///
    /// - Parameter problems: is told of each folder that cannot be read, and why.
    package static func all(
        in root: String, environment: [String: String], problems: (Problem) -> Void
    ) -> [ConfigurationSurvey] {
        TerraformDirectory.configurations(in: root).compactMap { folder in
            do {
                let found = try ConfigurationSurvey(
                    root: root, directory: folder, environment: environment)
                return found.isEmpty ? nil : found
            } catch {
                problems(Problem(error))
                return nil
            }
        }
    }

    /// - Throws: a `Problem` for a file with a mistake in it.
    package init(root: String, directory: String, environment: [String: String]) throws {
        let sources = try VariableSources(
            root: root, directory: directory, environment: environment)
        let rules = CandidateRules()
        var found: [CandidateRules.Kind: [Candidate]] = [:]
        for leaf in sources.leaves() {
            guard let match = rules.match(leaf.path, leaf.value) else { continue }
            found[match.kind, default: []].append(
                Candidate(
                    path: leaf.path.description, text: match.text, place: leaf.place,
                    sureness: match.sureness))
        }
        func sorted(_ kind: CandidateRules.Kind) -> [Candidate] {
            (found[kind] ?? []).sorted {
                ($1.sureness, $0.path) < ($0.sureness, $1.path)
            }
        }
        self.directory = directory
        talos = sorted(.talos)
        kubernetes = sorted(.kubernetes)
        extensions = sorted(.extensions)
        outputs = sources.outputs
        variableFiles = sources.loadedFiles
        state = StateLocation(
            sources, path: root + "/" + directory, environment: environment)
        literals = sources.configurationFiles.flatMap(rules.literals)
    }

    private var isEmpty: Bool { talos.isEmpty && literals.isEmpty }

    /// The only one of the surest, nil when several are equally sure.
    package static func best(_ candidates: [Candidate]) -> Candidate? {
        guard let first = candidates.first else { return nil }
        let equals = candidates.filter { $0.sureness == first.sureness }
        return equals.count == 1 ? first : nil
    }
}
