import Foundation
public import HeirloomTensors

/// One case of a kit made by 64-bit formulas: what its description states.
public struct ParityCase {
    /// Its name.
    public let name: String
    /// What weights and inputs are made of.
    public let noise: KeyedNoise64
    /// Its entry in the description.
    public let entry: JSONValue
    /// The folder of the kit.
    let folder: String
    /// The tensors beside the description, nil where that file is not in the folder.
    let file: SafetensorsFile?

    init(_ name: String, _ entry: JSONValue, noise: KeyedNoise64, folder: String) throws {
        self.name = name
        self.entry = entry
        self.noise = noise
        self.folder = folder
        guard let file = entry["file"]?.text, !file.contains("/") else {
            self.file = nil
            return
        }
        let path = folder + "/" + file
        self.file = FileManager.default.fileExists(atPath: path) ? try SafetensorsFile(path: path) : nil
    }

    /// The shape of the input that the case states.
    /// - Throws: ``CheckpointError`` where it states none, or none that fits.
    public func inputShape(channels: Int = 3) throws(CheckpointError) -> [Int] {
        guard let shape = entry["input"]?["shape"]?.integers, shape.count == 4, shape[1] == channels,
            shape.allSatisfy({ (1...4096).contains($0) })
        else { throw CheckpointError(.corrupt, path: folder, reason: "case \(name) states no input that fits") }
        return shape
    }

    /// A tensor of the kit, `NAME.OUTPUT` of its file; nil where it is not there.
    public func tensor(_ output: String) throws -> Tensor? {
        guard let file else { return nil }
        for key in ["\(name).\(output)", output] where file.names.contains(key) { return try file.tensor(key) }
        return nil
    }

    /// Compares an output with the tensor of the kit, or with the statistics that the description states of it.
    public func compare(_ found: Tensor, _ output: String, _ meter: inout ParityMeter) throws {
        if let expected = try tensor(output) {
            meter.compare(
                found.shape == expected.shape ? found.to(dtype: .float64).scalars() : [],
                expected.to(dtype: .float64).scalars())
        } else {
            compare(found, statistics: entry["outputs"]?[output], &meter)
        }
    }

    /// Compares a tensor with statistics: shape, a few elements, mean, deviation and range.
    public func compare(_ found: Tensor, statistics: JSONValue?, _ meter: inout ParityMeter) {
        guard let statistics, let indices = statistics["probe_index"]?.integers,
            let probe = statistics["probe"]?.numbers, statistics["shape"]?.integers == found.shape,
            let low = statistics["min"]?.number, let high = statistics["max"]?.number
        else { return meter.compare([], [0]) }
        let values: [Double] = found.to(dtype: .float64).scalars()
        guard indices.allSatisfy(values.indices.contains) else { return meter.compare([], [0]) }
        let range = high > low ? high - low : nil
        meter.compare(indices.map { values[$0] }, probe, range: range)
        meter.compare([values.min() ?? 0, values.max() ?? 0], [low, high], range: range)
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        if let expected = statistics["mean"]?.number { meter.compare([mean], [expected], range: range) }
        if let expected = statistics["std"]?.number { meter.compare([variance.squareRoot()], [expected], range: range) }
    }
}
