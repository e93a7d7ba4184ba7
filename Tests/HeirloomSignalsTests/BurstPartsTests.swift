import Foundation
@testable import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// The parts of burst fusion on pictures that are known as functions.
@Suite struct BurstPartsTests {
    /// Waves of less than a quarter of a cycle per pixel, seen through a motion.
    private func waves(_ motion: BurstMotion, height: Int = 160, width: Int = 192, gain: Double = 1) -> Tensor {
        let inverse = motion.inverted
        var numbers: [Float] = []
        for row in 0..<height {
            for column in 0..<width {
                let place = (Double(row) - Double(height - 1) / 2, Double(column) - Double(width - 1) / 2)
                let shift = inverse.shift(row: place.0, column: place.1)
                let (y, x) = (place.0 + shift.down, place.1 + shift.right)
                let value = sin(0.31 * x + 0.22 * y) + sin(0.53 * y - 0.17 * x + 1) + sin(0.071 * x * y / 9)
                numbers.append(Float(0.5 + gain * 0.12 * value))
            }
        }
        return Tensor(numbers, shape: [1, 1, height, width])
    }

    @Test(arguments: [(0.37, -1.62), (-7.25, 11.5), (0, 0)])
    func phasesTellTheShift(_ shift: (Double, Double)) {
        let texture = Tensor.uniform([1, 1, 200, 220], using: Generator(seed: 8))
        func view(_ down: Double, _ right: Double) -> Tensor {
            texture.gaussianFiltered(deviation: 1.5, down: -down, right: -right)
                .sliced(axis: 2, from: 20, to: 180).sliced(axis: 3, from: 20, to: 200)
        }
        let found = PhaseCorrelation(reference: view(0, 0)).shift(of: view(shift.0, shift.1) * 0.6 + 0.1)
        // A parabola through a peak that is no parabola, and a twentieth of the scene that left the frame.
        #expect(hypot(found.down - shift.0, found.right - shift.1) < 0.06, "\(found)")
    }

    @Test(arguments: [(0.37, -1.62), (-3.25, 2.5)])
    func refinementIsExact(_ shift: (Double, Double)) {
        let truth = BurstMotion(down: shift.0, right: shift.1)
        let start = BurstMotion(down: shift.0.rounded(), right: shift.1.rounded())
        let found = MotionRefinement(reference: waves(BurstMotion())).shift(
            of: waves(truth, gain: 0.7) + 0.05, from: start)
        #expect(hypot(found.down - shift.0, found.right - shift.1) < 5e-3, "\(found)")
        #expect(abs(found.gain - 0.7) < 5e-3 && found.correlation > 0.999)
    }

    @Test func turnsAndZoomsAreFound() {
        var truth = BurstMotion(down: 1.3, right: -0.6)
        let (angle, zoom) = (0.4 / 180 * Double.pi, 1.003)
        truth.slopes = [zoom * cos(angle) - 1, -zoom * sin(angle), zoom * sin(angle), zoom * cos(angle) - 1]
        let refinement = MotionRefinement(reference: waves(BurstMotion()))
        let found = refinement.affine(of: waves(truth), from: BurstMotion(down: 1, right: -1), steps: 8)
        for (row, column) in [(-70.0, -80.0), (70, 80), (0, 0), (-70, 80)] {
            let (a, b) = (found.shift(row: row, column: column), truth.shift(row: row, column: column))
            #expect(hypot(a.down - b.down, a.right - b.right) < 0.05, "\(a) instead of \(b)")
        }
    }

    @Test func aMotionAndItsInverseCancel() {
        var motion = BurstMotion(down: 2, right: -3)
        motion.slopes = [0.01, -0.02, 0.015, 0.005]
        let there = motion.shift(row: 40, column: -25)
        let back = motion.inverted.shift(row: 40 + there.down, column: -25 + there.right)
        #expect(abs(there.down + back.down) < 1e-9 && abs(there.right + back.right) < 1e-9)
    }

    @Test func fusionReproducesSlopes() {
        // A plane sampled by moved frames is a plane on the fine grid, whatever the weights.
        let shifts: [(down: Double, right: Double)] = [(0, 0), (0.4, -0.3), (-0.2, 0.45)]
        let (height, width, scale) = (12, 14, 2)
        func plane(_ y: Double, _ x: Double) -> Float { Float(0.2 + 0.03 * y - 0.02 * x) }
        let samples = shifts.map { shift in
            Tensor(
                (0..<height * width).map {
                    plane(Double($0 / width) - shift.down, Double($0 % width) - shift.right)
                }, shape: [1, 1, height, width])
        }
        let weights = Tensor.uniform([1, 3, height, width], from: 0.2, using: Generator(seed: 2))
        let fused = KernelRegression(weights: weights, shifts: shifts, scale: scale, width: 0.42)(
            concatenated(samples, axis: 1))
        let expected = Tensor(
            (0..<height * width * 4).map { index in
                let (row, column) = (index / (2 * width), index % (2 * width))
                return plane((Double(row) + 0.5) / 2 - 0.5, (Double(column) + 0.5) / 2 - 0.5)
            }, shape: [1, 1, 24, 28])
        // The ridge on slopes pulls a little towards the mean.
        expectClose(fused, expected, absolute: 2e-3)
    }

    @Test func theWayBackIsTheAdjoint() {
        let projection = ShiftProjection(
            shifts: [(0.3, -0.45), (0, 0.2)], scale: 2, pointSpread: 0.4, device: .cpu)
        let generator = Generator(seed: 4)
        // Zeros around keep the border's repetition out.
        let fine = Tensor.uniform([1, 1, 20, 24], using: generator).padded([8, 8, 8, 8])
        let coarse = Tensor.uniform([1, 2, 10, 12], using: generator).padded([4, 4, 4, 4])
        let there = (projection.frames(of: fine) * coarse).sum().item()
        let back = (fine * projection.picture(from: coarse)).sum().item() / 4
        #expect(abs(there - back) < 1e-4 * abs(there), "\(there) and \(back)")
        let ones = projection.picture(from: Tensor.ones([1, 2, 18, 20]))
        expectClose(
            ones.sliced(axis: 2, from: 8, to: 28).sliced(axis: 3, from: 8, to: 32), .full([1, 1, 20, 24], 2),
            absolute: 0.02)
    }

    @Test func aGaussianMovesAndFiltersInOne() {
        let x = Tensor.uniform([1, 2, 30, 26], using: Generator(seed: 5))
        let still = x.gaussianFiltered(deviation: 1.2)
        expectClose(
            x.gaussianFiltered(deviation: 1.2, down: 2, right: -3).sliced(axis: 2, from: 6, to: 22)
                .sliced(axis: 3, from: 9, to: 20),
            still.sliced(axis: 2, from: 8, to: 24).sliced(axis: 3, from: 6, to: 17), absolute: 1e-6)
        expectClose(
            Tensor.full([1, 1, 9, 9], 0.3).gaussianFiltered(deviation: 2, down: 0.4, right: 5),
            .full([1, 1, 9, 9], 0.3),
            absolute: 1e-6)
    }
}
