import ArgumentParser
import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors

/// Measures speed: nothing else, and never as a test.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure speed on this machine.",
        subcommands: [Network.self, Upscaler.self, Train.self])

    /// One line of a report.
    struct Line: Encodable {
        let name: String, device: String, precision: String
        let size: Int, batch: Int, threads: Int
        let milliseconds: Double, fastestMilliseconds: Double, picturesPerSecond: Double

        init(_ name: String, _ device: Device, _ precision: Precision, size: Int, batch: Int, _ measured: Measurement) {
            self.name = name
            self.device = "\(device)"
            self.precision = precision.rawValue
            self.size = size
            self.batch = batch
            threads = Runtime.threads
            milliseconds = measured.median * 1000
            fastestMilliseconds = measured.fastest * 1000
            picturesPerSecond = Double(batch) / measured.median
        }

        static func print(_ lines: [Line], json: Bool) throws {
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                Swift.print(String(decoding: try encoder.encode(lines), as: UTF8.self))
                return
            }
            for line in lines {
                Swift.print(
                    String(
                        format: "%@ %@ %@ %d px batch %d, %d threads: median %.1f ms, fastest %.1f ms, %.2f pictures/s",
                        line.name, line.device, line.precision, line.size, line.batch, line.threads, line.milliseconds,
                        line.fastestMilliseconds, line.picturesPerSecond))
            }
        }
    }

    /// The bare colour network.
    struct Network: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "network", abstract: "Measure the bare colour network, prepared for inference.",
            discussion: """
                Examples:
                  heirloom-engine bench network --size 256 --batch 4
                  heirloom-engine bench network --precision float32 --precision bfloat16 --json
                """)

        @Option(help: ArgumentHelp("Side of the square pictures.", valueName: "pixels"))
        var size = 256

        @Option(help: "Pictures in a batch.")
        var batch = 4

        @Option(help: "Arithmetic; may be given more than once. Float32 and bfloat16 by default.")
        var precision: [Precision] = []

        @Option(help: "Measured runs, after the warm-up.")
        var runs = 15

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var device: DeviceArguments

        func validate() throws {
            guard size > 0, size % ColorUNet.sizeMultiple == 0, batch > 0, runs > 0 else {
                throw ValidationError(
                    "--size must be a multiple of \(ColorUNet.sizeMultiple); --batch and --runs above 0.")
            }
        }

        func run() throws {
            let device = try self.device.selected()
            let generator = Generator(seed: 1)
            let network = ColorUNet(ColorUNetConfiguration(), using: generator)
            let luma = Tensor.uniform([batch, 1, size, size], using: generator)
            let lines = (precision.isEmpty ? [.float32, .bfloat16] : precision).map { precision in
                let prepared = network.preparedForInference(device: device, dtype: precision.dtype)
                let input = luma.to(dtype: precision.dtype, device: device).contiguous(.channelsLast)
                let measured = Measurement(runs: runs, on: device) { withoutGradients { _ = prepared(input) } }
                return Line("network", device, precision, size: size, batch: batch, measured)
            }
            try Line.print(lines, json: json)
        }
    }

    /// Whole training steps.
    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "train", abstract: "Measure training steps of the colour network, with its feature loss.",
            discussion: """
                Examples:
                  heirloom-engine bench train --size 64 --batch 32 --threads 1
                  heirloom-engine bench train --device cuda --precision bfloat16
                """)

        @Option(help: ArgumentHelp("Side of the square pictures.", valueName: "pixels"))
        var size = 64

        @Option(help: "Pictures in a batch.")
        var batch = 32

        @Option(help: "Arithmetic of the forward pass.")
        var precision = Precision.float32

        @Option(help: "Measured steps, after the warm-up.")
        var runs = 10

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var device: DeviceArguments

        func run() throws {
            let device = try self.device.selected()
            guard size > 0, size % ColorUNet.sizeMultiple == 0, batch > 0 else {
                throw ValidationError("--size must be a multiple of \(ColorUNet.sizeMultiple); --batch above 0.")
            }
            let bench = try ColorTrainingBench(size: size, batch: batch, device: device, precision: precision.mixed)
            let measured = try Measurement(runs: runs, on: device) { try bench.step() }
            try Line.print([Line("train", device, precision, size: size, batch: batch, measured)], json: json)
        }
    }
}
