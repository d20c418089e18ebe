package import Model

extension EmulatedCluster {
    /// Puts an image into the node's store; gives the time at which it is there. Repeating it
    /// changes nothing. Throws `notFound` for an image that no registry has.
    package mutating func pullImage(_ image: String, on node: NodeName, by: String)
        throws(CallRefusal) -> Duration
    {
        try requireAnswer(of: node)
        if let known = machines[node, \.images]?.first(where: { $0.reference == image }) {
            return max(now, known.availableAt)
        }
        if takes(.imagePullFails, on: node) {
            throw CallRefusal(
                .unknown,
                "failed to pull image \"\(image)\": unexpected status from HEAD request: "
                    + "503 Service Unavailable")
        }
        if machines[node, \.pendingFaults]?.contains(.imageMissing) == true {
            throw CallRefusal(.notFound, "failed to pull image \"\(image)\": \(image): not found")
        }
        if let missing = reasonMissing(image) {
            throw CallRefusal(.notFound, "failed to pull image \"\(image)\": \(missing)")
        }
        return store(image, on: node, by: by)
    }

    /// What the node's store holds, also images that are still on their way (`availableAt`).
    package func images(on node: NodeName) -> [PulledImage] { machines[node, \.images] ?? [] }

    /// Throws the error of a client that cannot reach the node.
    func requireAnswer(of node: NodeName) throws(CallRefusal) {
        if machines[node, \.apiIsUp] == true { return }
        throw Self.refused(machines[node, \.address.text] ?? node.text)
    }

    /// A node that answers.
    func answering(_ node: NodeName) throws(CallRefusal) -> Machine {
        guard let machine = machines[node], machine.apiIsUp else {
            throw Self.refused(machines[node, \.address.text] ?? node.text)
        }
        return machine
    }

    private static func refused(_ address: String) -> CallRefusal {
        CallRefusal(
            .unavailable,
            "connection error: desc = \"transport: Error while dialing: dial tcp "
                + "\(address):50000: connect: connection refused\"")
    }

    /// Why a registry does not have an image; nil when it does.
    mutating func reasonMissing(_ image: String) -> String? {
        guard let installer = parse(image) else {
            // Other images than those of Kubernetes: anything with a tag is there.
            guard image.contains(":") else { return "\(image): not found" }
            guard image.contains("/kube"), let version = SystemComponent.version(of: image) else {
                return nil
            }
            return KubernetesReleases.exists(version) ? nil : "\(image): not found"
        }
        guard let version = Version(installer.tag), ReleaseTable.exists(version) else {
            return "\(image): not found"
        }
        if let schematic = installer.schematic {
            guard let names = schematics[schematic] else {
                return "\(image): schematic not found"
            }
            return names.first { ExtensionCatalog.resolved($0, talos: version) == nil }.map {
                "official extension \"siderolabs/\($0)\" is not available for Talos version "
                    + version.tag
            }
        }
        // Not published from 1.14 on (Talos 1.14 release notes).
        return installer.host.hasPrefix("ghcr.io") && version >= Version(1, 14, 0)
            ? "\(image): not found" : nil
    }

    /// What an image writes to the disk of this node. Nil for an image that is no installer.
    mutating func system(from image: String, for node: NodeName) -> Slots.Slot? {
        guard let installer = parse(image), let version = Version(installer.tag) else {
            return nil
        }
        var schematic = installer.schematic
        var names = schematic.flatMap { schematics[$0] } ?? []
        if takes(.extensionMissing, on: node) {
            if names.isEmpty {
                schematic = schematic == .empty ? nil : .empty
            } else {
                names.removeLast()
            }
        }
        return Slots.Slot(
            version: version, image: image, schematic: schematic,
            extensions: extensionFacts(names, talos: version))
    }

    mutating func parse(_ image: String) -> InstallerImage? {
        if let known = parsedImages[image] { return known }
        guard let parsed = InstallerImage(image) else { return nil }
        if parsedImages.count >= 1000 { parsedImages.removeAll() }
        parsedImages[image] = parsed
        return parsed
    }

    @discardableResult
    mutating func store(_ image: String, on node: NodeName, by: String) -> Duration {
        let arrival = now + Pace.imagePull
        let pulled = PulledImage(reference: image, availableAt: arrival)
        machines.update(node) { $0.images.append(pulled) }
        record(.imagePulled, on: node, by: by, detail: image)
        changed(.machine(node))
        return arrival
    }
}
