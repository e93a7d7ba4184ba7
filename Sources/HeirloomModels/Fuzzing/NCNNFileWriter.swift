import HeirloomTensors

/// Small ncnn files, for the fuzzer to damage and for tests.
enum NCNNFileWriter {
    /// The `.param` text of a compact network.
    static func compact(features: Int, convolutions: Int, upscale: Int, outputScale: Int? = nil) -> String {
        var lines = ["Input in 0 1 data", "Split split 1 2 data data_0 data_1"]
        var blob = "data_1"
        for index in 0...convolutions {
            let inputs = index == 0 ? 3 : features
            lines.append("Convolution c\(index) 1 1 \(blob) c\(index) \(sizes(inputs, features))")
            lines.append("PReLU p\(index) 1 1 c\(index) p\(index) 0=\(features)")
            blob = "p\(index)"
        }
        lines.append("Convolution last 1 1 \(blob) last \(sizes(features, 3 * upscale * upscale))")
        lines.append("PixelShuffle shuffle 1 1 last shuffled 0=\(upscale)")
        lines.append("Interp near 1 1 data_0 near 0=1 1=\(Double(upscale)) 2=\(Double(upscale))")
        lines.append("BinaryOp add 2 1 shuffled near \(outputScale == nil ? "output" : "sum")")
        if let outputScale {
            let factor = Double(outputScale) / Double(upscale)
            lines.append("Interp cubic 1 1 sum output 0=3 1=\(factor) 2=\(factor)")
        }
        return text(lines)
    }

    /// The `.param` text of an RRDBNet ×4.
    static func rrdb(features: Int, growth: Int, blocks: Int) -> String {
        var lines = ["Input in 0 1 data"]
        var count = 0
        func conv(_ from: String, _ inputs: Int, _ outputs: Int, leaky: Bool) -> String {
            count += 1
            let activation = leaky ? " 9=2 -23310=1,2.000000e-01" : ""
            lines.append("Convolution c\(count) 1 1 \(from) c\(count) \(sizes(inputs, outputs))\(activation)")
            return "c\(count)"
        }
        func add(_ a: String, _ b: String) -> String {
            count += 1
            lines.append("Eltwise e\(count) 2 1 \(a) \(b) e\(count) 0=1 -23301=2,2.000000e-01,1.000000e+00")
            return "e\(count)"
        }
        let first = conv("data", 3, features, leaky: false)
        var y = first
        for _ in 0..<blocks {
            let before = y
            for _ in 0..<3 {
                var seen = [y]
                var joined = y
                for index in 0..<5 {
                    if index > 0 {
                        count += 1
                        joined = "j\(count)"
                        lines.append("Concat \(joined) \(seen.count) 1 \(seen.joined(separator: " ")) \(joined)")
                    }
                    let outputs = index < 4 ? growth : features
                    seen.append(conv(joined, features + index * growth, outputs, leaky: index < 4))
                }
                y = add(seen[5], y)
            }
            y = add(y, before)
        }
        lines.append("BinaryOp trunk 2 1 \(first) \(conv(y, features, features, leaky: false)) trunk")
        y = "trunk"
        for index in 0..<2 {
            lines.append("Interp up\(index) 1 1 \(y) up\(index) 0=1 1=2.000000e+00 2=2.000000e+00")
            y = conv("up\(index)", features, features, leaky: true)
        }
        y = conv(y, features, features, leaky: true)
        _ = conv(y, features, 3, leaky: false)
        return text(lines)
    }

    /// The `.bin` file of weights in forward order: `[…weight, …bias]` of convolutions, slopes of activations.
    static func weights(_ tensors: [Tensor], half: Bool) -> [UInt8] {
        tensors.flatMap { tensor -> [UInt8] in
            guard tensor.rank == 4 else { return TorchFileWriter.elements(tensor) }
            let stored = tensor.to(dtype: half ? .float16 : .float32)
            let bytes = TorchFileWriter.elements(stored)
            let padding = [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
            return TorchFileWriter.little(half ? 0x0130_6B47 : 0, 4) + bytes + padding
        }
    }

    private static func sizes(_ inputs: Int, _ outputs: Int) -> String {
        "0=\(outputs) 1=3 4=1 5=1 6=\(9 * inputs * outputs)"
    }

    private static func text(_ lines: [String]) -> String {
        let blobs = lines.reduce(0) { $0 + (Int($1.split(separator: " ")[3]) ?? 0) }
        return "7767517\n\(lines.count) \(blobs)\n" + lines.joined(separator: "\n") + "\n"
    }
}
