/// The lock in the repository: one run at a time on this machine.
package protocol RunLocking: Sendable {
    /// Throws a `Problem` of kind `.refused` that names the holder.
    func take() throws
    func release()
}
