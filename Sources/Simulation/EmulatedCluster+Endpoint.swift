package import Model

extension EmulatedCluster {
    /// Whether the API server on this control plane answers.
    package func apiServerIsUp(on node: NodeName) -> Bool {
        machines[node, \.controlPlaneIsUp] == true && quorate
    }

    /// Who answers at the cluster's endpoint: with several control planes the holder of the
    /// shared address, nil for about a second after its holder went down; with one, that one.
    package var endpointHolder: NodeName? {
        if controlPlanes.count == 1 {
            return controlPlanes.first.flatMap { apiServerIsUp(on: $0) ? $0 : nil }
        }
        return vipHolder.flatMap { apiServerIsUp(on: $0) ? $0 : nil }
    }

    /// Whether the node has the shared address of several control planes at this moment.
    package func holdsSharedAddress(_ node: NodeName) -> Bool {
        controlPlanes.count > 1 && vipHolder == node
    }

    /// Some API server answers.
    package var apiIsAvailable: Bool {
        controlPlanes.contains { machines[$0, \.controlPlaneIsUp] == true } && quorate
    }

    mutating func refreshEndpoint() {
        if let holder = vipHolder, machines[holder, \.controlPlaneIsUp] != true {
            vipHolder = nil
            moveEndpoint(after: Pace.endpointGap)
        } else if vipHolder == nil {
            moveEndpoint(after: .zero)
        }
    }

    mutating func endpointMoves() {
        endpointIsMoving = false
        guard vipHolder == nil else { return }
        vipHolder = controlPlanes.first { machines[$0, \.controlPlaneIsUp] == true }
    }

    private mutating func moveEndpoint(after delay: Duration) {
        guard !endpointIsMoving,
            controlPlanes.contains(where: { machines[$0, \.controlPlaneIsUp] == true })
        else { return }
        endpointIsMoving = true
        queue.schedule(.endpointMoves, at: now + delay)
    }
}
