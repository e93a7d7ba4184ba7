public import HeirloomModels
import HeirloomLayers
import HeirloomTensors

extension EfficientNetLite {
    /// A classifier with published ImageNet weights, in inference mode.
    /// - Parameter path: A PyTorch or safetensors file with the published names.
    /// - Throws: `CheckpointError` or `ModuleError` when the file cannot be read or holds another network.
    public static func published(variant: Int, contentsOf path: String) throws -> EfficientNetLite {
        let network = EfficientNetLite(EfficientNetLiteConfiguration(variant: variant), using: nil)
        let state = try Checkpoint(path: path).state
        try network.load(publishedKeys.renamed(state))
        network.train(false)
        return network
    }
}
