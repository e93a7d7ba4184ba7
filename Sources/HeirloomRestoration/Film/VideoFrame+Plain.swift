import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

extension VideoFrame {
    /// The frame as a frame of another format, with nothing done but what the format demands: plain resampling, neutral
    /// chroma where there was none.
    func plain(as format: VideoFormat) -> VideoFrame {
        if width == format.width, height == format.height, pixelFormat == format.pixelFormat { return self }
        return withoutGradients {
            let picture = Tensor(yCbCr: self)
            let isSized = width == format.width && height == format.height
            let sized =
                isSized ? picture : picture.resampled(height: format.height, width: format.width, kernel: .lanczos3)
            return VideoFrame(yCbCr: sized, format: format, like: self)
        }
    }
}
