import HeirloomTensors

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

    /// Refuses a small file that describes much: thousands of names for the same elements, each of which would be copied.
    /// - Parameter fileBytes: Size of the file; names may share elements, but not many times over.
    static func refuseInflation(
        _ weights: [(name: String, tensor: StoredTensor)], fileBytes: Int
    ) throws(CheckpointError) {
        var total = 0
        for (_, tensor) in weights {
            var bytes = tensor.storage.dtype.byteCount
            for size in tensor.shape {
                let (product, overflow) = bytes.multipliedReportingOverflow(by: max(size, 0))
                bytes = overflow ? .max : product
            }
            let (sum, overflow) = total.addingReportingOverflow(bytes)
            total = overflow ? .max : sum
        }
        guard total / 4 <= fileBytes + 1_000_000 else {
            throw CheckpointError(
                .corrupt,
                reason:
                    "describes tensors of \(total / 1_000_000) MB in a file of \(fileBytes / 1_000_000) MB: nothing that "
                    + "was trained does that")
        }
    }
}
