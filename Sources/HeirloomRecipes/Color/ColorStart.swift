import Foundation
public import HeirloomModels
import HeirloomTensors

/// What a colour training starts from.
public struct ColorStart {
    /// The network.
    public let network: ColorUNet
    /// What the record says about its weights.
    public let text: String
    /// The licence that weights made from it carry.
    public let licence: String
    /// Whether it was a colour network already: then the new one is compared with it.
    public let isTrained: Bool

    /// Starts anew: an encoder with ImageNet weights, a decoder with random ones.
    public init(encoder: EfficientNetLite, seed: UInt64) {
        network = ColorUNet(ColorUNetConfiguration(), using: Generator(seed: seed))
        network.loadEncoder(from: encoder)
        text = "EfficientNet-Lite0, ImageNet"
        licence = "for research and evaluation"
        isTrained = false
    }

    /// Starts from a colour network in a file.
    /// - Throws: `CheckpointError`, `TensorFileError` or `ModuleError` that says why the file is not one.
    public init(model path: String) throws {
        let file = try ModelFile(path: path)
        network = try file.load(ColorUNet.self)
        text = "\(URL(fileURLWithPath: path).lastPathComponent), \(file.header.architecture)"
        licence = file.header.licence
        isTrained = true
    }
}
