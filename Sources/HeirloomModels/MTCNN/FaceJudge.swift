import HeirloomLayers
import HeirloomTensors

/// The second or the third network of ``MTCNN``: says of small pictures whether each is a face, and where its borders are.
///
/// - Shape: `[N, 3, side, side]` → scores `[N, 2]`, borders `[N, 4]` and, of the third one, points `[N, 10]`.
final class FaceJudge: Module {
    /// What distinguishes the two.
    struct Plan {
        /// Pixels of a side of its input.
        let side: Int
        /// Of each convolution: channels, kernel, and the kernel of the maximum after it, 0 for none.
        let convolutions: [(channels: Int, kernel: Int, pool: Int)]
        /// Numbers between the convolutions and the answers.
        let hidden: Int
        /// Whether it also says where eyes, nose and mouth are.
        let hasPoints: Bool

        /// The second network.
        static let refinement = Plan(
            side: 24, convolutions: [(28, 3, 3), (48, 3, 3), (64, 2, 0)], hidden: 128, hasPoints: false)
        /// The third network.
        static let output = Plan(
            side: 48, convolutions: [(32, 3, 3), (64, 3, 3), (64, 3, 2), (128, 2, 0)], hidden: 256, hasPoints: true)
    }

    let convolutions: [Conv2d]
    let activations: [PReLU]
    let dense: Linear
    let denseActivation: PReLU
    let score: Linear
    let border: Linear
    let points: Linear?
    /// Pixels of a side of its input.
    let side: Int
    private let pools: [Int]

    init(_ plan: Plan, using generator: Generator?) {
        side = plan.side
        pools = plan.convolutions.map(\.pool)
        let channels = [3] + plan.convolutions.map(\.channels)
        convolutions = zip(channels, plan.convolutions).map {
            Conv2d(inputChannels: $0, outputChannels: $1.channels, kernel: $1.kernel, using: generator)
        }
        activations = plan.convolutions.map { PReLU(channels: $0.channels) }
        // What three rows and columns are left of at the end.
        dense = Linear(inputs: 9 * (channels.last ?? 0), outputs: plan.hidden, using: generator)
        denseActivation = PReLU(channels: plan.hidden)
        score = Linear(inputs: plan.hidden, outputs: 2, using: generator)
        border = Linear(inputs: plan.hidden, outputs: 4, using: generator)
        points = plan.hasPoints ? Linear(inputs: plan.hidden, outputs: 10, using: generator) : nil
    }

    /// Whether each is a face (the second of the two scores), how far its borders are off, and its points.
    func callAsFunction(_ x: Tensor) -> (scores: Tensor, borders: Tensor, points: Tensor?) {
        var y = x
        for (index, pool) in pools.enumerated() {
            y = activations[index](convolutions[index](y))
            if pool > 0 { y = y.maxPooled(kernel: pool, stride: 2, ceil: true) }
        }
        // The published weights come from a program that stores pictures column by column.
        y = y.transposed([0, 3, 2, 1]).contiguous().flattened(from: 1)
        y = denseActivation(dense(y))
        return (score(y).softmax(axis: 1), border(y), points?(y))
    }
}
