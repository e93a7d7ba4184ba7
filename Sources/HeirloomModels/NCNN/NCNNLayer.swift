/// One line of an ncnn `.param` file.
struct NCNNLayer {
    /// What a key of a line stands for: one number, or a list.
    enum Value: Hashable {
        case number(Double)
        case list([Double])
    }

    let type: String
    let name: String
    let inputs: [String]
    let outputs: [String]
    let values: [Int: Value]
    /// Line number in the file.
    let line: Int

    /// The number of a key.
    /// - Throws: ``CheckpointError`` for a list, and for a number that is no whole one in 0 ..< 2³¹.
    func integer(_ key: Int, default standard: Int = 0) throws(CheckpointError) -> Int {
        guard let value = values[key] else { return standard }
        guard case .number(let number) = value, let integer = Int(exactly: number), (0..<1 << 31).contains(integer)
        else { throw fault("its value \(key) is not a whole number that can be right") }
        return integer
    }

    /// The fraction of a key.
    func number(_ key: Int, default standard: Double = 0) throws(CheckpointError) -> Double {
        guard let value = values[key] else { return standard }
        guard case .number(let number) = value else { throw fault("its value \(key) is not one number") }
        return number
    }

    /// The list of a key.
    func list(_ key: Int) throws(CheckpointError) -> [Double] {
        guard let value = values[key] else { return [] }
        guard case .list(let list) = value else { throw fault("its value \(key) is not a list") }
        return list
    }

    /// Refuses keys that would change what the layer computes.
    func require(only known: Set<Int>) throws(CheckpointError) {
        if let other = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw fault("its value \(other) is not known here")
        }
    }

    /// An error that names the layer.
    func fault(_ reason: String) -> CheckpointError {
        CheckpointError(.unsupported, reason: "line \(line), \(type) \(name): \(reason)")
    }
}
