import HeirloomTensors

/// PyTorch's zip form: a pickle `NAME/data.pkl` and one entry `NAME/data/KEY` for each storage.
enum TorchZipFile {
    static func read(_ file: MappedFile) throws -> [(name: String, tensor: Tensor)] {
        let archive = try ZipArchive(of: file)
        let pickles = archive.entries.keys.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
        guard pickles.count == 1, let name = pickles.first, let pickle = archive.entries[name] else {
            throw CheckpointError(
                .unsupported,
                reason: "is a zip file without the data.pkl of a PyTorch file: give a .pth file with weights")
        }
        let folder = name.dropLast("data.pkl".count)
        if let order = archive.entries["\(folder)byteorder"] {
            guard try archive.bytes(of: order, in: file).elementsEqual("little".utf8) else {
                throw CheckpointError(.unsupported, reason: "its numbers are big-endian, which is not read")
            }
        }
        let weights = try Unpickler.read(try archive.bytes(of: pickle, in: file), base: pickle.range.lowerBound) {
            try CheckpointLayout.weights(in: $0.value)
        }
        try CheckpointLayout.refuseInflation(weights, fileBytes: file.bytes.count)
        var checked: Set<String> = []
        return try weights.map { name, tensor in
            guard let entry = archive.entries["\(folder)data/\(tensor.storage.key)"] else {
                throw CheckpointError(.corrupt, reason: "the elements of \(name) are missing: fetch the file again")
            }
            if checked.insert(entry.name).inserted { _ = try archive.bytes(of: entry, in: file) }
            return (name, try tensor.load(name, from: file, at: entry.range))
        }
    }
}
