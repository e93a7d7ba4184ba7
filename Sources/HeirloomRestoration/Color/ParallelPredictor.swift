public import HeirloomModels
public import HeirloomTensors
import HeirloomWorkers

/// The colour network on a CPU for films: frames side by side, with a thread and a copy of the network for each.
///
/// A network of hundreds of small steps gains little from more threads inside it (two gave 1.2 times the speed of one)
/// and all of it from frames side by side. Pictures cross between the threads as numbers, never as tensors.
public final class ParallelPredictor: ChromaPredictor {
    /// Samples per call and thread above which more frames in a call gain nothing.
    static let callSamples = 200_000

    /// The CPU.
    public let device = Device.cpu
    /// What it computes in.
    public let precision: DType
    /// As the network's.
    public let sizeMultiple: Int
    /// As the network's.
    public let rendering: ColorRendering
    /// Threads, each with a network.
    public var count: Int { pool.count }
    private let pool: WorkerPool<any ChromaPredictor>

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - count: frames side by side.
    ///   - make: makes a network for the thread that it runs on.
    /// - Throws: what `make` throws.
    public init(count: Int, _ make: @escaping @Sendable () throws -> any ChromaPredictor) throws {
        pool = try WorkerPool(name: "network", count: count, make)
        (precision, sizeMultiple, rendering) = try pool.begin([()]) { predictor, _ in
            (predictor.precision, predictor.sizeMultiple, predictor.rendering)
        }.wait()[0]
    }

    /// Two calls for each thread, so that none waits long for the last.
    public func batch(height: Int, width: Int) -> Int { count * 2 * frames(height: height, width: width) }

    /// One call's pictures, where batches are made of whole calls.
    public func group(of batch: Int, height: Int, width: Int) -> Int {
        let frames = frames(height: height, width: width)
        return batch % frames == 0 ? frames : batch
    }

    /// Frames of one call: in bfloat16 a quarter of a small frame's time is between the steps, and four frames (or two
    /// larger ones) share it; in float32 more frames only leave the cache.
    private func frames(height: Int, width: Int) -> Int {
        guard precision != .float32 else { return 1 }
        let room = Self.callSamples / (height * width)
        return room >= 4 ? 4 : room >= 2 ? 2 : 1
    }

    /// The chroma of pictures, as `ChromaPredictor` says.
    public func chroma(of luma: Tensor) throws -> Tensor { try begin(luma)() }

    /// Hands the pictures to the threads.
    public func begin(_ luma: Tensor) -> () throws -> Tensor {
        let (count, height, width) = (luma.shape[0], luma.shape[2], luma.shape[3])
        let step = frames(height: height, width: width)
        let parts = stride(from: 0, to: count, by: step).map { start in
            luma.sliced(axis: 0, from: start, to: min(start + step, count)).floats
        }
        let work = pool.begin(parts) { predictor, numbers in
            try withoutGradients {
                try recovering {
                    let part = Tensor(numbers, shape: [numbers.count / (height * width), 1, height, width])
                    return try predictor.chroma(of: part).floats
                }
            }
        }
        return { Tensor(try work.wait().flatMap { $0 }, shape: [count, 2, height, width]) }
    }
}
