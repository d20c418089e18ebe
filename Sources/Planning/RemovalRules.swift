package import Model

/// Finds what the running cluster uses and a minor on the way no longer knows.
package struct RemovalRules {
    let survey: KubernetesSurvey
    let removals: KubernetesRemovals

    func findings() -> [Finding] { started() + stored() }

    /// What stops a hop that comes after the next one: it has to be known before the first, since
    /// nobody wants to find out half-way.
    ///
    /// - Parameters:
    ///   - near: the minor after the next hop.
    ///   - far: the minor at the route's end.
    package static func ahead(
        _ survey: KubernetesSurvey, after near: Version.Series, to far: Version.Series
    ) -> [Finding] {
        KubernetesRemovals.table.filter { near < $0.series && $0.series <= far }.flatMap {
            RemovalRules(survey: survey, removals: $0).findings()
        }
    }

    private func started() -> [Finding] {
        guard let all = survey.arguments.value else {
            return [
                Finding(
                    .error, "removed.unknown",
                    "The command lines of the components cannot be read: "
                        + (survey.arguments.reason ?? "no reason given"),
                    fix: "bump status --verbose")
            ]
        }
        var nodes: [String: [NodeName]] = [:]
        var order: [String] = []
        for command in all {
            for use in uses(of: command) {
                if nodes[use] == nil { order.append(use) }
                nodes[use, default: []].append(command.node)
            }
        }
        return order.map { use in
            let names = (nodes[use] ?? []).sorted().map(\.text).joined(separator: ", ")
            return Finding(
                .error, "removed.argument",
                "\(use), which Kubernetes \(removals.series) no longer knows: it would not start.",
                at: names,
                fix: "take it out of extraArgs in the machine config, terraform apply, then again")
        }
    }

    private func uses(of command: ComponentArguments) -> [String] {
        let who = command.component.rawValue
        var found: [String] = []
        for argument in command.arguments {
            let (name, value) = Self.split(argument)
            if removals.flags[command.component]?.contains(name) == true {
                found.append("\(who) is started with --\(name)")
            }
            for item in value.split(separator: ",") {
                let word = item.prefix { $0 != "=" }.trimmingSpaces
                if name == "feature-gates", removals.featureGates.contains(word) {
                    found.append("\(who) is started with the feature gate \(word)")
                }
                if name == "enable-admission-plugins", removals.admissionPlugins.contains(word) {
                    found.append("\(who) is started with the admission plugin \(word)")
                }
            }
        }
        return found
    }

    private static func split(_ argument: String) -> (name: String, value: Substring) {
        let bare = argument.drop { $0 == "-" }
        let name = bare.prefix { $0 != "=" }
        return (String(name), bare.dropFirst(name.count + 1))
    }

    private func stored() -> [Finding] {
        removals.resources.compactMap { resource in
            guard let known = survey.objects[resource] else { return nil }
            guard let objects = known.value else {
                return Finding(
                    .warning, "removed.not-looked",
                    "Whether objects of \(resource) exist, which Kubernetes \(removals.series) no "
                        + "longer serves, is not known: \(known.reason ?? "no reason given")",
                    fix: "kubectl get \(resource) --all-namespaces")
            }
            guard let first = objects.first else { return nil }
            let more = objects.count > 1 ? " and \(objects.count - 1) more" : ""
            return Finding(
                .error, "removed.api",
                "\(objects.count) object\(objects.count == 1 ? "" : "s") of \(resource) "
                    + "exist\(objects.count == 1 ? "s" : "") (\(first)\(more)); Kubernetes \(removals.series) no longer serves it.",
                fix: "kubectl get \(resource) --all-namespaces, and move or delete them")
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
