import Foundation
import Git
import Model
import Terraform

extension InitSurvey {
    /// Versions, state, outputs, access and git, each as a finding.
    func describe(
        _ project: TerraformProject, _ survey: ConfigurationSurvey, _ variables: [String: String],
        _ result: inout Result
    ) async throws {
        let declared = try await project.declaration()
        for (kind, label, usual, value, candidates) in [
            ("talos", "Talos", "talos_version", declared.talos, survey.talos),
            (
                "kubernetes", "Kubernetes", "kubernetes_version", declared.kubernetes,
                survey.kubernetes
            ),
        ] {
            var finding = Finding(name: label, sureness: .certain)
            let path = variables[kind] ?? usual
            switch value {
            case .known(let known):
                finding.value = known.text
                finding.source = "\(path), \(known.place)"
                finding.notes = known.notes
                finding.sureness = sureness(kind, path, candidates, result.proposal)
            case .unknown(let reason):
                finding.sureness = .missing
                finding.notes = [reason]
                finding.notes += candidates.prefix(5).map {
                    "may be \($0.path) = \($0.text), \($0.place)"
                }
                if kind == "kubernetes", candidates.isEmpty {
                    result.kubernetes = try project.kubernetesVariable()
                    finding.notes += Self.unpinned(result.kubernetes)
                }
                if kind == "talos" {
                    finding.notes += survey.literals.prefix(5).map {
                        "\($0) is no variable, so it cannot be edited: declare variable "
                            + "\"talos_version\" with that default, and hand it on there"
                    }
                }
            }
            result.findings.append(finding)
        }
        result.findings.append(
            try extensions(project, declared, variables, survey, result.proposal))
        result.findings.append(
            Finding(
                name: "State",
                value: "\(survey.state.backend), workspace \(survey.state.workspace)",
                source: survey.state.place, sureness: .certain, notes: survey.state.remarks))
        let outputs = await outputs(project, &result)
        access(outputs, survey, &result)
        try await git(project, &result)
    }

    /// What follows when no variable says which Kubernetes the cluster has.
    private static func unpinned(_ offer: KubernetesVariable?) -> [String] {
        guard let offer else { return [] }
        return [
            "unpinned: an apply takes Kubernetes to the version that the Talos provider was built "
                + "with, also back from a newer one",
            "bump init --kubernetes VERSION would add \(offer.target) and hand it to "
                + offer.users.joined(separator: ", ") + "; bump status shows what runs",
        ]
    }

    private func sureness(
        _ kind: String, _ path: String, _ candidates: [ConfigurationSurvey.Candidate],
        _ proposal: SettingsProposal
    ) -> Finding.Sureness {
        guard proposal.variables[kind] != nil else { return .certain }
        let found = candidates.first { $0.path == path }?.sureness ?? .possible
        return Finding.Sureness(rawValue: found.rawValue) ?? .possible
    }

    private func extensions(
        _ project: TerraformProject, _ declared: Declaration, _ variables: [String: String],
        _ survey: ConfigurationSurvey, _ proposal: SettingsProposal
    ) throws -> Finding {
        let path = variables["extensions"] ?? "talos_extensions"
        if let schematic = declared.schematic, let place = declared.extensionsPlace {
            return Finding(
                name: "Extensions", value: "those of schematic \(schematic.short)",
                source: "\(place.path), \(place)", sureness: .certain,
                notes: declared.extensionsNotes)
        }
        guard let names = declared.extensions.value else {
            return Finding(
                name: "Extensions", sureness: .missing,
                notes: [declared.extensions.reason].compactMap(\.self))
        }
        let place = declared.extensionsPlace.map { ", \($0)" } ?? ""
        let isFile = declared.extensionsForm == .schematicFile
        return Finding(
            name: "Extensions", value: names.isEmpty ? "none" : names.joined(separator: ", "),
            source: (isFile ? "the schematic" : path) + place,
            sureness: isFile
                ? .certain : sureness("extensions", path, survey.extensions, proposal),
            notes: declared.extensionsNotes)
    }

    private func outputs(
        _ project: TerraformProject, _ result: inout Result
    ) async -> AppliedOutputs? {
        do {
            let outputs = try await project.outputs()
            let nodes = outputs.applied.nodes
            var finding = Finding(
                name: "Nodes", source: "Terraform outputs", sureness: .certain,
                notes: outputs.applied.sources)
            if nodes.isEmpty {
                finding.sureness = .missing
                finding.source = nil
                finding.notes.append("no output lists them; the cluster itself will be asked")
            } else {
                finding.value = nodes.map {
                    $0.name.text == $0.address.text
                        ? $0.address.text : "\($0.name.text) \($0.address.text)"
                }.joined(separator: ", ")
            }
            result.findings.append(finding)
            return outputs
        } catch {
            let problem = Problem(error)
            let notes = [problem.summary, problem.fix.map { "to do: " + $0 }].compactMap(\.self)
            result.findings.append(Finding(name: "Nodes", sureness: .missing, notes: notes))
            return nil
        }
    }

    /// Outputs first, then files, in the order of every other command.
    private func access(
        _ outputs: AppliedOutputs?, _ survey: ConfigurationSurvey, _ result: inout Result
    ) {
        let home = world.home
        let talosHome = world.environment["TALOS_HOME"] ?? home.map { $0 + "/.talos" }
        let kinds = [
            (
                "talosconfig", outputs?.talosconfig?.source, settings.talosconfig, "TALOSCONFIG",
                talosHome.map { $0 + "/config" }
            ),
            (
                "kubeconfig", outputs?.kubeconfig?.source, settings.kubeconfig, "KUBECONFIG",
                home.map { $0 + "/.kube/config" }
            ),
        ]
        for (name, output, setting, variable, usual) in kinds {
            var finding = Finding(name: name, sureness: .certain)
            if let setting {
                (finding.value, finding.source) = (setting, settingsName)
                if !exists(setting) { finding.notes = ["\(setting) does not exist"] }
            } else if let output {
                finding.value = output
            } else if exists("generated/" + name) {
                finding.value = "generated/" + name
            } else if let file = ["/generated/", "/"].map({ survey.directory + $0 + name })
                .first(where: exists)
            {
                (finding.value, finding.sureness) = (file, .likely)
                if name == "talosconfig" {
                    result.proposal.talosconfig = file
                } else {
                    result.proposal.kubeconfig = file
                }
            } else if let path = world.environment[variable], !path.isEmpty {
                (finding.value, finding.source, finding.sureness) = (path, variable, .likely)
            } else if let usual, FileManager.default.fileExists(atPath: usual) {
                (finding.value, finding.sureness) = (usual, .possible)
                finding.notes = ["is that of this cluster? an output \(name) would be certain"]
            } else {
                finding.sureness = .missing
                finding.notes = ["add an output \(name), or export \(variable)=FILE"]
            }
            result.findings.append(finding)
        }
    }

    private func exists(_ file: String) -> Bool {
        FileManager.default.fileExists(
            atPath: file.hasPrefix("/") ? file : root.appending(path: file).path)
    }

    /// Whether an edit could be committed; where it could not, what may be moved.
    private func git(_ project: TerraformProject, _ result: inout Result) async throws {
        var unfit: Set<String> = []
        for file in Set(try project.places().map(\.file)).sorted() {
            let obstacles = try await repository.facts(committing: [file]).obstacles
            var finding = Finding(
                name: "git", value: obstacles.isEmpty ? "\(file) is tracked and clean" : file,
                sureness: .certain)
            finding.notes = obstacles.flatMap { [$0.summary, $0.fix.map { "to do: " + $0 }] }
                .compactMap(\.self)
            let isUnfit = obstacles.contains {
                $0.summary.contains("ignored by git") || $0.summary.contains("git attribute")
            }
            if isUnfit { unfit.insert(file) }
            result.findings.append(finding)
        }
        guard let move = try project.versionsMove(outOf: unfit) else { return }
        if !move.remarks.isEmpty {
            result.findings.append(
                Finding(
                    name: "Moving", value: "not all versions can be moved",
                    sureness: .certain, notes: move.remarks))
        }
        guard !move.variables.isEmpty else { return }
        // A filter that goes by the ending catches the new file too.
        let target = try await repository.facts(committing: [move.target]).obstacles
        if let filtered = target.first(where: { $0.summary.contains("git attribute") }) {
            result.findings.append(
                Finding(
                    name: "Moving", value: "not possible", sureness: .certain,
                    notes: [filtered.summary]))
            return
        }
        result.move = move
        result.ignoreRule = IgnoreRule.hiding(move.target, in: root)
    }
}
