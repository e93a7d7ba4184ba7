import ArgumentParser
import HeirloomModels
import HeirloomTensors

extension BenchCommand {
    /// The networks that enlarge pictures, one tile.
    struct Upscaler: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "upscaler",
            abstract: "Measure the bare upscaling networks on one tile, prepared for inference.",
            discussion: """
                Examples:
                  heirloom-engine bench upscaler --size 256
                  heirloom-engine bench upscaler --model compact --precision bfloat16 --threads 1 --json
                  heirloom-engine bench upscaler --model realesrgan-x4plus --write out
                """)

        @Option(
            help: ArgumentHelp(
                "rrdbnet or compact (×4, random weights), or a model of 'heirloom models'; may be given more than once. "
                    + "The first two by default.", valueName: "name"))
        var model: [String] = []

        @Option(help: ArgumentHelp("Side of the square tile.", valueName: "pixels"))
        var size = 256

        @Option(help: "Tiles in a batch.")
        var batch = 1

        @Option(help: "Arithmetic; may be given more than once. Float32 and bfloat16 by default.")
        var precision: [Precision] = []

        @Option(help: "Measured runs, after one that warms up.")
        var runs = 3

        @Option(
            help: ArgumentHelp(
                "Also write weights.safetensors and tile.safetensors (input, outputs) there, for a comparison; with one "
                    + "--model.", valueName: "folder"))
        var write: String?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var device: DeviceArguments

        func validate() throws {
            guard size > 0, size % 4 == 0, batch > 0, runs > 0 else {
                throw ValidationError("--size must be a multiple of 4; --batch and --runs above 0.")
            }
            guard write == nil || model.count == 1 else { throw ValidationError("--write needs one --model.") }
        }

        func run() throws {
            let device = try self.device.selected()
            var lines: [Line] = []
            for name in model.isEmpty ? ["rrdbnet", "compact"] : model {
                let generator = Generator(seed: 1)
                let network = try Self.network(name, generator)
                let tile = Tensor.uniform([batch, 3, size, size], using: generator)
                var written = [(name: "input", tensor: tile)]
                for precision in precision.isEmpty ? [.float32, .bfloat16] : precision {
                    let prepared = network.preparedForInference(device: device, dtype: precision.dtype)
                    let input = tile.to(dtype: precision.dtype, device: device).contiguous(.channelsLast)
                    var output = input
                    let measured = Measurement(runs: runs, warmup: 1, on: device) {
                        withoutGradients { output = prepared(input) }
                    }
                    lines.append(Line(name, device, precision, size: size, batch: batch, measured))
                    written.append(("output.\(precision.rawValue)", output.to(dtype: .float32, device: .cpu)))
                }
                if let write {
                    try ModelFile.write(
                        network, to: write + "/weights.safetensors", dtype: .float32, task: "upscale", licence: "none")
                    try Safetensors.write(written, to: write + "/tile.safetensors")
                }
            }
            try Line.print(lines, json: json)
        }

        /// A network by its kind, with the weights that it would start a training with, or trained by its name.
        private static func network(_ name: String, _ generator: Generator) throws -> any ImageRestorer {
            switch name {
            case "rrdbnet": RRDBNet(using: generator)
            case "compact": SRVGGNetCompact(using: generator)
            default: try Pretrained.standard().upscaler(name)
            }
        }
    }
}
