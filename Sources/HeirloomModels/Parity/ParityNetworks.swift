import HeirloomLayers
import HeirloomTensors

/// Networks with weights made by the 64-bit formulas from the published names, in inference mode.
public enum ParityNetworks {
    /// An RRDBNet.
    public static func rrdb(scale: Int, blocks: Int, _ noise: KeyedNoise64) throws -> RRDBNet {
        let network = RRDBNet(.init(scale: scale, blocks: blocks), using: nil)
        try fill(network, RRDBNet.publishedKeys, .rrdb, noise)
        return network
    }

    /// A compact network.
    public static func compact(upscale: Int, convolutions: Int, _ noise: KeyedNoise64) throws -> SRVGGNetCompact {
        let network = SRVGGNetCompact(.init(upscale: upscale, convolutions: convolutions), using: nil)
        try fill(network, SRVGGNetCompact.publishedKeys, .srvgg, noise)
        return network
    }

    /// The critic with spectral norms.
    public static func discriminator(_ noise: KeyedNoise64) throws -> UNetDiscriminatorSN {
        let network = UNetDiscriminatorSN(using: nil)
        try fill(network, UNetDiscriminatorSN.publishedKeys, .disc, noise)
        return network
    }

    /// An EfficientNet-Lite.
    public static func efficientNetLite(_ variant: Int, _ noise: KeyedNoise64) throws -> EfficientNetLite {
        let network = EfficientNetLite(.init(variant: variant), using: nil)
        try fill(network, EfficientNetLite.publishedKeys, .lite, noise)
        return network
    }

    private static func fill(
        _ network: any BuildableModel, _ keys: KeyTable, _ family: KeyedNoise64.Family, _ noise: KeyedNoise64
    ) throws {
        var state: [String: Tensor] = [:]
        for (name, tensor) in network.state() {
            guard let key = keys.foreign(name) else { preconditionFailure("\(name) has no published name") }
            state[name] = noise.tensor(key, shape: tensor.shape, family: family)
        }
        for (name, _) in network.state() where name.hasSuffix(".weight_u") {
            let layer = String(name.dropLast(".weight_u".count))
            guard let weight = state[layer + ".weight_orig"], let key = keys.foreign(name) else { continue }
            let vectors = noise.spectralVectors(of: String(key.dropLast(".weight_u".count)), weight: weight)
            state[name] = vectors.u
            state[layer + ".weight_v"] = vectors.v
        }
        try network.load(state)
    }
}
