/// One call that changes something. Every operation is safe to repeat once the executor has
/// looked first (see `Step`).
package enum Operation: Sendable, Codable, Equatable {
    /// The local lock and the Lease in the cluster.
    case takeLocks
    case releaseLocks
    /// Create the Velero backup of this name and wait until its phase is final.
    case backUp(name: String)
    /// Stream an etcd snapshot of this member into the run's folder, mode 0600.
    case snapshotEtcd(NodeIdentity)
    case edit(ValueEdit)
    /// Put back what `edit` changed, byte for byte.
    case undoEdit(ValueEdit)
    /// Plan with Terraform against the edited files; refuse any delete or replace, and a schematic
    /// that is not the promised one, as far as the plan knows it.
    case reviewInfrastructure(directory: String, strict: Bool, schematic: SchematicPromise? = nil)
    case commit(CommitRequest)
    /// Apply the plan that was reviewed.
    case applyInfrastructure(directory: String)
    /// Read the outputs anew: the schematic that Terraform made must be this one, for these
    /// extensions (short names).
    case verifySchematic(SchematicID, extensions: [String])
    /// Keep a copy of what the rebuild needs, and of what would be lost: credentials, outputs,
    /// state, the backup's object. Into the run's folder, private.
    case rescue(backup: String)
    /// Destroy what Terraform made, by a plan that was reviewed.
    case destroyInfrastructure(directory: String)
    /// Ask the outputs for the credentials of the new cluster, and speak to that one from here on.
    case reconnect
    case runHook(RebuildHook)
    /// Make everything that the configuration describes, after it was destroyed.
    case buildInfrastructure(directory: String)
    /// The backup of this name is there, complete, with its volumes, and its location is available.
    case proveBackup(name: String)
    /// Wait until Velero runs and one of its locations is available.
    case awaitVelero
    /// Wait until Velero has found the backup of this name and its volumes in the location; then it
    /// must be as `proveBackup` wants it.
    case awaitBackup(name: String)
    /// The storage locations read-only, or those writable again that this run has made so.
    case setLocations(readOnly: Bool)
    /// Suspend every Flux object that is not, or resume those that this run has suspended.
    case setFlux(suspended: Bool)
    /// Restore the backup and wait until its phase is final.
    case restore(name: String, backup: String)
    /// Restore Flux's own namespace, if the new cluster has none: last, so that Flux finds what it
    /// would fight over in its place.
    case restoreFlux(name: String, backup: String)
    /// Hold what came back against what the backup held.
    case compare(restore: String, backup: String)
    case pull(NodeIdentity, image: String)
    /// Legacy `MachineService.Upgrade`: installs and reboots by itself.
    case upgrade(NodeIdentity, image: String)
    /// `LifecycleService.Upgrade`: installs beside the running system, reboots nothing.
    case install(NodeIdentity, image: String)
    /// Wait until no installer of `LifecycleService` holds the node's lock. Changes nothing.
    case awaitInstaller(NodeIdentity)
    case reboot(NodeIdentity)
    /// Boot the previous slot.
    case rollback(NodeIdentity)
    case forfeitLeadership(NodeIdentity)
    case cordon(NodeIdentity)
    case uncordon(NodeIdentity)
    case evict(PodReference)
    case push
    /// Pull a component's image to where the node will look for it.
    case prefetch(KubernetesComponent, image: String, NodeIdentity)
    /// Write a component's image into the machine config, without a reboot.
    case setImage(KubernetesComponent, image: String, NodeIdentity)
    /// Bring the bootstrap manifests, as this control plane renders them, into the cluster once
    /// they name this image of kube-proxy; prune by the inventory where every node knows of it.
    case applyManifests(NodeIdentity, proxy: String?, inventory: Bool)
}

/// Replace one value in one file.
package struct ValueEdit: Sendable, Codable, Equatable {
    package var place: Place
    /// As written, without quotes.
    package var old: String
    package var new: String

    package init(place: Place, old: String, new: String) {
        self.place = place
        self.old = old
        self.new = new
    }

    /// A value as it is shown: names of a list apart, and nothing as `none`.
    package static func shown(_ value: String) -> String {
        value.isEmpty ? "none" : value.split(separator: ",").joined(separator: ", ")
    }
}

/// The schematic that the edited configuration must make.
package struct SchematicPromise: Sendable, Codable, Equatable {
    package var id: SchematicID
    /// Full names, in the schematic's order.
    package var extensions: [String]
    /// What Terraform is to make it of, where that is no list: a file, or a variable with the id.
    package var source: String?

    package init(id: SchematicID, extensions: [String], source: String? = nil) {
        self.id = id
        self.extensions = extensions
        self.source = source
    }
}

/// A commit that holds just these paths.
package struct CommitRequest: Sendable, Codable, Equatable {
    /// Relative to the repository root.
    package var paths: [String]
    package var message: String
    /// The one change that goes into the commit, made in what HEAD holds: what else was changed in
    /// the files meanwhile is somebody else's and stays out. Nil commits the files as they are.
    package var edit: ValueEdit?

    /// The files as they are.
    package init(paths: [String], message: String) {
        self.paths = paths
        self.message = message
    }

    /// One edit of one file.
    package init(_ edit: ValueEdit, message: String) {
        self.paths = [edit.place.file]
        self.message = message
        self.edit = edit
    }
}

/// What an operation gave back.
package enum OperationResult: Sendable, Codable, Equatable {
    /// Done; a detail worth showing, such as a commit id or a file's path.
    case done(String?)
    case evicted(EvictionAnswer)
}
