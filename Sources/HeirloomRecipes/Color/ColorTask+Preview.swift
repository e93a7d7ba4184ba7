import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
import HeirloomSignals
import HeirloomTensors

extension ColorTask {
    /// The first eight held-out pictures in grey, recoloured, and as they are.
    public func preview() -> PreviewSheet? {
        guard !split.validation.isEmpty else { return nil }
        let rows = colorNetwork.withTraining(false) {
            withoutGradients {
                split.validation.prefix(8).map { index in
                    let truth = split.store.picture(index).unsqueezed(0).to(device: device).to(dtype: .float32) / 255
                    let luma = YCbCrMatrix.bt601.luma(of: truth)
                    let chroma = colorNetwork.chroma(of: luma).to(dtype: .float32)
                    let colored = YCbCrMatrix.bt601.combined(luma: luma, chroma: chroma).clamped(to: 0...1)
                    return [luma.expanded([-1, 3, -1, -1]), colored, truth].map { $0[0].to(device: .cpu) }
                }
            }
        }
        return PreviewSheet(rows: rows)
    }
}
