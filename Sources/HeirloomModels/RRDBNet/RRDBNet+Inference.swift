public import HeirloomTensors

extension RRDBNet {
    /// A frozen copy: fused where that is faster (``PackedConvolution``), otherwise channels-last.
    public func preparedForInference(device: Device, dtype: DType) -> any ImageRestorer {
        if PackedConvolution.isFastest(dtype, on: device) {
            return FusedRRDBNet(self, device: device, dtype: dtype)
        }
        return frozenCopy(device: device, dtype: dtype)
    }
}
