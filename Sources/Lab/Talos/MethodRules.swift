/// Who may call what, and how. Source: the roles table of Talos' apid and machined
/// (`os:admin` may call everything; a method without a rule needs it).
enum MethodRules {
    /// Roles other than `os:admin` that may call `SERVICE/METHOD`.
    static func roles(service: String, method: String) -> Set<String> {
        switch service {
        case "cosi.resource.State": return reader
        case "time.TimeService": return reader
        case "machine.ImageService":
            if method == "List" { return reader }
            return method == "Pull" ? ["os:operator"] : []
        case "machine.MachineService": return machine[method] ?? []
        default: return []
        }
    }

    /// Whether a call is written to the ground truth as an event `call`.
    static func changesState(service: String, method: String) -> Bool {
        switch service {
        case "machine.LifecycleService": true
        case "machine.ImageService": method != "List"
        case "machine.MachineService": changing.contains(method)
        default: false
        }
    }

    /// Calls that only control planes answer.
    static func needsControlPlane(service: String, method: String) -> Bool {
        service == "machine.MachineService"
            && (method.hasPrefix("Etcd") || method == "Kubeconfig"
                || method == "GenerateClientConfiguration" || method == "Bootstrap")
    }

    /// Server streams of MachineService: their elements, not lists, are what `nodes` merges.
    static let streams: Set<String> = [
        "Copy", "Dmesg", "EtcdSnapshot", "Events", "ImageList", "Kubeconfig", "List", "Logs",
        "Read",
    ]

    private static let reader: Set<String> = ["os:operator", "os:reader"]
    private static let backup: Set<String> = ["os:operator", "os:reader", "os:etcd:backup"]

    private static let machine: [String: Set<String>] = {
        var rules: [String: Set<String>] = [:]
        for method in [
            "Version", "Events", "ServiceList", "Hostname", "Memory", "LoadAvg", "SystemStat",
            "CPUInfo", "DiskStats", "NetworkDeviceStats", "Processes", "Mounts", "List", "Logs",
            "Dmesg", "ImageList",
        ] {
            rules[method] = reader
        }
        for method in [
            "Reboot", "Shutdown", "ServiceStart", "ServiceStop", "ServiceRestart",
            "EtcdDefragment", "EtcdAlarmDisarm", "ImagePull",
        ] {
            rules[method] = ["os:operator"]
        }
        rules["EtcdSnapshot"] = ["os:operator", "os:etcd:backup"]
        for method in ["EtcdAlarmList", "EtcdMemberList", "EtcdStatus"] { rules[method] = backup }
        return rules
    }()

    private static let changing: Set<String> = [
        "ApplyConfiguration", "Bootstrap", "EtcdAlarmDisarm", "EtcdDefragment",
        "EtcdForfeitLeadership", "EtcdLeaveCluster", "EtcdRecover", "EtcdRemoveMemberByID",
        "ImagePull", "Reboot", "Reset", "Rollback", "ServiceRestart", "ServiceStart",
        "ServiceStop", "Shutdown", "Upgrade",
    ]
}
