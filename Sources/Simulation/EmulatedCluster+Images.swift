package import Model

extension EmulatedCluster {
    /// Puts an image into the node's store; gives the time at which it is there. Repeating it
    /// changes nothing. Throws `notFound` for an image that no registry has.
    package mutating func pullImage(_ image: String, on node: NodeName, by: String)
        throws(CallRefusal) -> Duration
    {
        try requireAnswer(of: node)
        if let known = machines[node]?.images.first(where: { $0.reference == image }) {
            return max(now, known.availableAt)
        }
        if machines[node]?.pendingFaults.remove(.imagePullFails) != nil {
            throw CallRefusal(
                .unknown,
                "failed to pull image \"\(image)\": unexpected status from HEAD request: "
                    + "503 Service Unavailable")
        }
        if machines[node]?.pendingFaults.contains(.imageMissing) == true {
            throw CallRefusal(.notFound, "failed to pull image \"\(image)\": \(image): not found")
        }
        if let missing = reasonMissing(image) {
            throw CallRefusal(.notFound, "failed to pull image \"\(image)\": \(missing)")
        }
        return store(image, on: node, by: by)
    }

    /// What the node's store holds, also images that are still on their way (`availableAt`).
    package func images(on node: NodeName) -> [PulledImage] { machines[node]?.images ?? [] }

    /// A node that answers, or the error of a client that cannot reach it.
    @discardableResult
    func requireAnswer(of node: NodeName) throws(CallRefusal) -> Machine {
        guard let machine = machines[node], machine.apiIsUp else {
            let address = machines[node]?.address.text ?? node.text
            throw CallRefusal(
                .unavailable,
                "connection error: desc = \"transport: Error while dialing: dial tcp "
                    + "\(address):50000: connect: connection refused\"")
        }
        return machine
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
        if machines[node]?.pendingFaults.remove(.extensionMissing) != nil {
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
        var content = SeededGenerator(seed: Self.stableHash(image))
        let digest = (0..<4).map { _ in hex(content.next()) }.joined()
        machines[node]?.images.append(
            PulledImage(
                reference: image, digest: "sha256:" + digest,
                size: 90_000_000 + Int64(content.next() % 60_000_000), availableAt: arrival))
        record(.imagePulled, on: node, by: by, detail: image)
        changed(.machine(node))
        return arrival
    }

    /// FNV-1a, the same on every machine and in every process.
    static func stableHash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
