import Model

extension RebuildRules {
    /// What the new machines will run must exist, and go together.
    func versions() -> [Finding] {
        let talos = input.talos
        let withdrawn = Set(
            BundledReleases.known.talos.releases.filter(\.isWithdrawn).map(\.version))
        if let finding = HopRules.unknown(talos) ?? HopRules.taken(back: talos, withdrawn) {
            var told = finding
            told.fix = "bump rebuild --talos VERSION"
            return [told]
        }
        var found: [Finding] = []
        if let newest = BundledReleases.known.talos.newest(in: talos.series)?.version,
            talos > newest
        {
            found.append(
                Finding(
                    .warning, "version.newer-than-known",
                    "Talos \(talos) is newer than \(newest), the newest \(talos.series) this bump "
                        + "knows: whether it exists shows only after everything is destroyed.",
                    fix: "bump rebuild --talos \(newest)"))
        }
        if let catalog = BundledExtensions.catalog(for: talos) {
            let known = Set(catalog.names.map(ExtensionNames.short))
            let gone = (snapshot.declaration.extensions.value ?? []).map(ExtensionNames.short)
                .filter { name in
                    // A factory of one's own may have others.
                    !BundledExtensions.series(having: name).isEmpty && !known.contains(name)
                        && !(ExtensionRename.table[name].map(known.contains) ?? false)
                }
            if !gone.isEmpty {
                found.append(
                    Finding(
                        .error, "extension.gone",
                        "Talos \(talos.series) has no \(gone.joined(separator: " ")): no image of it "
                            + "can be built.", fix: "bump rebuild --talos VERSION"))
            }
        }
        let kubernetes = snapshot.declaration.kubernetes.value.map { declared in
            ", and Kubernetes \(declared.version.number) as the files declare"
        }
        let chosen = Finding(
            .note, "rebuild.version",
            "The new machines run Talos \(talos), \(input.reason)\(kubernetes ?? "").")
        return found + [chosen] + kubernetesFindings()
    }

    /// Kubernetes stays as the files declare it.
    private func kubernetesFindings() -> [Finding] {
        guard let declared = snapshot.declaration.kubernetes.value else { return [] }
        if var finding = HopRules.mismatch(talos: input.talos, kubernetes: declared.version) {
            finding.location = "\(declared.place.file):\(declared.place.line)"
            finding.fix = "bump rebuild --talos VERSION, one that runs it"
            return [finding]
        }
        guard let before = input.facts.value?.kubernetes, declared.version.series < before.series
        else { return [] }
        return [
            Finding(
                .warning, "backup.newer-kubernetes",
                "The backup was made on Kubernetes \(before.number), and the files declare "
                    + "\(declared.version.number): Velero supports no restore into an older one.",
                at: "\(declared.place.file):\(declared.place.line)",
                fix: "set \(declared.place.path) to \(before.number) first, and commit it")
        ]
    }
}
