import HeirloomLayers
public import HeirloomTensors

extension SRVGGNetCompact {
    /// A frozen copy: fused where that is faster (``PackedConvolution``), otherwise channels-last.
    public func preparedForInference(device: Device, dtype: DType) -> any ImageRestorer {
        if PackedConvolution.isFastest(dtype, on: device) {
            return FusedCompact(self, device: device, dtype: dtype)
        }
        let copy = SRVGGNetCompact(configuration, using: nil)
        copy.copyState(of: self)
        copy.train(false)
        copy.to(device: device, dtype: dtype, format: .channelsLast)
        copy.freeze()
        return copy
    }
}
