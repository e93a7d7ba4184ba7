import HeirloomTensors

extension ParityCase {
    static let functions: [ParityCase] = [
        ParityCase("-x") { -$0[0] },
        ParityCase("abs") { $0[0].abs() },
        ParityCase("exp") { $0[0].exp() },
        ParityCase("expm1") { $0[0].expm1() },
        ParityCase("log") { $0[0].log() },
        ParityCase("log1p") { $0[0].log1p() },
        ParityCase("log10") { $0[0].log10() },
        ParityCase("log2") { $0[0].log2() },
        ParityCase("sqrt") { $0[0].sqrt() },
        ParityCase("rsqrt") { $0[0].rsqrt() },
        ParityCase("squared") { $0[0].squared() },
        ParityCase("reciprocal") { $0[0].reciprocal() },
        ParityCase("sin") { $0[0].sin() },
        ParityCase("cos") { $0[0].cos() },
        ParityCase("atan") { $0[0].atan() },
        ParityCase("erf") { $0[0].erf() },
        ParityCase("tanh") { $0[0].tanh() },
        ParityCase("sigmoid") { $0[0].sigmoid() },
        ParityCase("logit") { $0[0].logit() },
        ParityCase("logSigmoid") { $0[0].logSigmoid() },
        ParityCase("relu") { $0[0].relu() },
        ParityCase("relu6") { (3 * $0[0]).relu6() },
        ParityCase("silu") { $0[0].silu() },
        ParityCase("gelu") { $0[0].gelu() },
        ParityCase("softplus") { $0[0].softplus() },
        ParityCase("leakyRelu") { $0[0].leakyRelu(slope: 0.2) },
        ParityCase("softmax") { $0[0].softmax(axis: 1) },
        ParityCase("logSoftmax") { $0[0].logSoftmax(axis: 0) },
        ParityCase("floor") { $0[0].floor() },
        ParityCase("ceil") { $0[0].ceil() },
        ParityCase("rounded") { $0[0].rounded() },
        ParityCase("truncated") { $0[0].truncated() },
        ParityCase("sign") { $0[0].sign() },
        ParityCase("isFinite") { $0[0].isFinite() },
        ParityCase("isNaN") { $0[0].isNaN() },
        ParityCase("angle", half: .never) { $0[0].viewedAsComplex().angle() },
        ParityCase("abs of complex", half: .never) { $0[0].viewedAsComplex().abs() },
        ParityCase("real", half: .never) { $0[0].viewedAsComplex().real() },
        ParityCase("imaginary", half: .never) { $0[0].viewedAsComplex().imaginary() },
        ParityCase("conjugate", half: .never) { $0[0].viewedAsComplex().conjugate().viewedAsReal() },
    ]

    static let arithmetic: [ParityCase] = [
        ParityCase("a + b") { $0[0] + $0[1] },
        ParityCase("a - b") { $0[0] - $0[1] },
        ParityCase("a * b") { $0[0] * $0[1] },
        ParityCase("a / b") { $0[0] / $0[1] },
        ParityCase("a += b") { (x: [Tensor]) -> Tensor in
            var a = x[0]
            a += x[1]
            return a
        },
        ParityCase("a -= b") { (x: [Tensor]) -> Tensor in
            var a = x[0]
            a -= x[1]
            return a
        },
        ParityCase("a *= b") { (x: [Tensor]) -> Tensor in
            var a = x[0]
            a *= x[1]
            return a
        },
        ParityCase("x + 1.5") { $0[0] + 1.5 },
        ParityCase("x - 1.5") { $0[0] - 1.5 },
        ParityCase("x * 1.5") { $0[0] * 1.5 },
        ParityCase("x / 1.5") { $0[0] / 1.5 },
        ParityCase("1.5 + x") { 1.5 + $0[0] },
        ParityCase("1.5 - x") { 1.5 - $0[0] },
        ParityCase("1.5 * x") { 1.5 * $0[0] },
        ParityCase("1.5 / x") { 1.5 / $0[0] },
        ParityCase("raised to 2") { $0[0].raised(to: 2) },
        ParityCase("raised to 0.4") { $0[0].raised(to: 0.4) },
        ParityCase("raised to tensor") { $0[0].raised(to: $0[1]) },
        ParityCase("power of 3") { Tensor.power(of: 3, $0[0]) },
        ParityCase("maximum") { $0[0].maximum($0[1]) },
        ParityCase("minimum") { $0[0].minimum($0[1]) },
        ParityCase("atan2") { $0[0].atan2($0[1]) },
        ParityCase("remainder") { $0[0].remainder(0.4) },
        ParityCase("clamped to both") { $0[0].clamped(to: -0.5...0.7) },
        ParityCase("clamped from") { $0[0].clamped(to: (-0.5)...) },
        ParityCase("clamped through") { $0[0].clamped(to: ...0.7) },
        ParityCase("interpolated") { $0[0].interpolated(to: $0[1], weight: 0.3) },
        ParityCase("filled") { $0[0].filled(-7.5, where: $0[1]) },
        ParityCase("where") { `where`($0[0], $0[1], $0[2]) },
        ParityCase("integers + 2") { $0[0] + 2 },
        ParityCase("integers / 2") { $0[0] / 2 },
        ParityCase("integers clamped") { $0[0].clamped(to: 1...2) },
        ParityCase("i .== j") { $0[0] .== $0[1] },
        ParityCase("i .!= j") { $0[0] .!= $0[1] },
        ParityCase("i .< j") { $0[0] .< $0[1] },
        ParityCase("i .<= j") { $0[0] .<= $0[1] },
        ParityCase("i .> j") { $0[0] .> $0[1] },
        ParityCase("i .>= j") { $0[0] .>= $0[1] },
        ParityCase("i .== 2") { $0[0] .== 2 },
        ParityCase("i .< 2") { $0[0] .< 2 },
        ParityCase("i .<= 2") { $0[0] .<= 2 },
        ParityCase("i .> 2") { $0[0] .> 2 },
        ParityCase("i .>= 2") { $0[0] .>= 2 },
        ParityCase("a .& b") { $0[0] .& $0[1] },
        ParityCase("a .| b") { $0[0] .| $0[1] },
        ParityCase(".! a") { .!$0[0] },
    ]
}
