/// The tables that hold the weights inside a file's top level.
enum CheckpointLayout {
    private static let wrappers = ["params_ema", "params", "model_state_dict", "state_dict", "model", "net"]
    private static let prefixes = ["module.", "netG."]

    /// The descriptions of the weights, by name in the order of the file.
    static func weights(in top: PickleValue) throws(CheckpointError) -> [(name: String, tensor: StoredTensor)] {
        guard case .dictionary(var table) = top else {
            throw CheckpointError(.unsupported, reason: "its top level is \(top.kind) and not a table of tensors")
        }
        for wrapper in wrappers {
            if case .dictionary(let inner)? = table[wrapper] {
                table = inner
                break
            }
        }
        var found: [(name: String, tensor: StoredTensor)] = []
        for (key, value) in table.entries {
            guard case .tensor(let tensor) = value else {
                throw CheckpointError(
                    .unsupported,
                    reason: "entry \"\(key)\" is \(value.kind): expected a table of tensors, or one under "
                        + wrappers.joined(separator: ", "))
            }
            found.append((key, tensor))
        }
        guard !found.isEmpty, table.otherKeys == 0 else {
            throw CheckpointError(.unsupported, reason: "it has no table of named tensors")
        }
        for prefix in prefixes where found.allSatisfy({ $0.name.hasPrefix(prefix) }) {
            found = found.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
        }
        return found
    }
}
