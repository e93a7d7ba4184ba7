import HeirloomMedia
import HeirloomTensors

/// Calls the network, and when memory runs out tries again with fewer frames, then with smaller pictures.
///
/// What it can do no smaller it throws, naming the frame: a frame is never given back grey.
final class PatientNetwork {
    /// The short side under which pictures are not shrunk.
    static let smallestSide = 128

    let predictor: any ChromaPredictor
    /// Seconds inside the network.
    private(set) var seconds = 0.0
    /// Sentences about what was reduced.
    private(set) var notes: [String] = []
    /// Frames per call that fitted in memory; nil while nothing failed.
    private(set) var batchLimit: Int?
    /// By how much pictures are shrunk since memory ran out.
    private var shrinking = 1.0

    init(_ predictor: any ChromaPredictor) { self.predictor = predictor }

    /// The chroma of pictures `[1, 1, H, W]` of one size, each `[1, 2, H, W]`, in order.
    ///
    /// - Parameter frames: whose pictures they are, for errors.
    func chroma(of lumas: [Tensor], frames: [VideoFrame]) throws -> [Tensor] {
        try chroma(of: lumas) { Self.name(frames[$0]) }
    }

    /// The chroma of pictures that are no frames.
    func chroma(of lumas: [Tensor], naming subject: String) throws -> [Tensor] {
        try chroma(of: lumas) { _ in subject }
    }

    private func chroma(of lumas: [Tensor], naming name: (Int) -> String) throws -> [Tensor] {
        var results: [Tensor] = []
        while results.count < lumas.count {
            let start = results.count
            let count = min(batchLimit ?? lumas.count, lumas.count - start)
            let part = Array(lumas[start..<start + count])
            do {
                let chroma = try attempt(count == 1 ? part[0] : concatenated(part, axis: 0))
                for index in 0..<count {
                    results.append(count == 1 ? chroma : chroma.sliced(axis: 0, from: index, to: index + 1))
                }
                guard chroma.sum().item().isFinite else { throw notANumber(name(start)) }
            } catch let error as TorchError where error.code == .outOfMemory {
                try reduce(from: count, picture: part[0], at: name(start), error)
            } catch let error as TorchError {
                throw Self.failure(error, naming: name(start))
            }
        }
        return results
    }

    private func attempt(_ luma: Tensor) throws -> Tensor {
        let start = ContinuousClock.now
        defer { seconds += (ContinuousClock.now - start) / .seconds(1) }
        let (height, width) = (luma.shape[2], luma.shape[3])
        let chroma = try withoutGradients {
            try recovering {
                guard shrinking < 1 else { return try predictor.chroma(of: luma) }
                let small = luma.resized(
                    height: shrunk(height), width: shrunk(width), antialias: true)
                return try predictor.chroma(of: small).resized(height: height, width: width)
            }
        }
        predictor.device.synchronize()
        return chroma
    }

    private func shrunk(_ side: Int) -> Int {
        let multiple = predictor.sizeMultiple
        return max(1, Int((Double(side) * shrinking / Double(multiple)).rounded())) * multiple
    }

    private func reduce(from count: Int, picture: Tensor, at name: String, _ error: TorchError) throws {
        predictor.device.releaseCachedMemory()
        if count > 1 {
            batchLimit = count / 2
            notes.append(
                "Memory ran out with \(count) frames at a time; \(count / 2) at a time since \(name).")
            return
        }
        let side = Int(Double(min(picture.shape[2], picture.shape[3])) * shrinking * 0.75)
        guard side >= Self.smallestSide else { throw Self.failure(error, naming: name) }
        batchLimit = 1
        shrinking *= 0.75
        notes.append(
            "Memory ran out with one frame at a time; the network sees pictures of \(side) rows since \(name).")
    }

    private func notANumber(_ name: String) -> RestorationError {
        RestorationError(
            .frameFailed,
            "Cannot colour \(name): the network gave no finite numbers in \(predictor.precision); use --precision float32, and if that fails too check the model."
        )
    }

    /// The error for a frame that libtorch could not compute.
    static func failure(_ error: TorchError, frame: VideoFrame) -> RestorationError {
        failure(error, naming: name(frame))
    }

    /// The error for something that libtorch could not compute.
    static func failure(_ error: TorchError, naming name: String) -> RestorationError {
        guard error.code == .outOfMemory else {
            return RestorationError(.frameFailed, "Cannot colour \(name): \(error.description).")
        }
        return RestorationError(
            .outOfMemory,
            "Cannot colour \(name): memory ran out even at the smallest size; close other programs, or use a smaller --render-size or --device cpu."
        )
    }

    private static func name(_ frame: VideoFrame) -> String { "frame \(frame.index) (at \(frame.pts))" }
}
