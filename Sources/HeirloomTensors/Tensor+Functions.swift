import CTorch

/// Elementwise functions.
extension Tensor {
    /// Absolute value; magnitude of complex elements.
    public func abs() -> Tensor { unary(CT_ABS, "abs") }
    /// e to the power of each element.
    public func exp() -> Tensor { unary(CT_EXP, "exp") }
    /// Natural logarithm.
    public func log() -> Tensor { unary(CT_LOG, "log") }
    /// Natural logarithm of 1 + x, exact for small x.
    public func log1p() -> Tensor { unary(CT_LOG1P, "log1p") }
    /// exp(x) − 1, exact for small x.
    public func expm1() -> Tensor { unary(CT_EXPM1, "expm1") }
    /// Logarithm to the base 10.
    public func log10() -> Tensor { unary(CT_LOG10, "log10") }
    /// Logarithm to the base 2.
    public func log2() -> Tensor { unary(CT_LOG2, "log2") }
    /// Square root.
    public func sqrt() -> Tensor { unary(CT_SQRT, "sqrt") }
    /// Reciprocal of the square root.
    public func rsqrt() -> Tensor { unary(CT_RSQRT, "rsqrt") }
    /// Square.
    public func squared() -> Tensor { unary(CT_SQUARE, "squared") }
    /// Reciprocal.
    public func reciprocal() -> Tensor { unary(CT_RECIPROCAL, "reciprocal") }
    /// Sine, argument in radians.
    public func sin() -> Tensor { unary(CT_SIN, "sin") }
    /// Cosine, argument in radians.
    public func cos() -> Tensor { unary(CT_COS, "cos") }
    /// Arc tangent in radians.
    public func atan() -> Tensor { unary(CT_ATAN, "atan") }
    /// Gauss error function.
    public func erf() -> Tensor { unary(CT_ERF, "erf") }
    /// Hyperbolic tangent.
    public func tanh() -> Tensor { unary(CT_TANH, "tanh") }
    /// Logistic function.
    public func sigmoid() -> Tensor { unary(CT_SIGMOID, "sigmoid") }
    /// Inverse of the logistic function.
    public func logit() -> Tensor { unary(CT_LOGIT, "logit") }
    /// Logarithm of the logistic function, without overflow.
    public func logSigmoid() -> Tensor { unary(CT_LOG_SIGMOID, "logSigmoid") }
    /// max(x, 0).
    public func relu() -> Tensor { unary(CT_RELU, "relu") }
    /// min(max(x, 0), 6).
    public func relu6() -> Tensor { unary(CT_RELU6, "relu6") }
    /// x · sigmoid(x).
    public func silu() -> Tensor { unary(CT_SILU, "silu") }
    /// Gaussian error linear unit, with the exact error function.
    public func gelu() -> Tensor { unary(CT_GELU, "gelu") }
    /// log(1 + exp(x)).
    public func softplus() -> Tensor { unary(CT_SOFTPLUS, "softplus") }
    /// x where positive, slope · x elsewhere.
    public func leakyRelu(slope: Double) -> Tensor { make("leakyRelu", [self]) { ct_leaky_relu(handle, slope, $0) } }
    /// Largest integer not above.
    public func floor() -> Tensor { unary(CT_FLOOR, "floor") }
    /// Smallest integer not below.
    public func ceil() -> Tensor { unary(CT_CEIL, "ceil") }
    /// Nearest integer, halves to even.
    public func rounded() -> Tensor { unary(CT_ROUND, "rounded") }
    /// Integer part.
    public func truncated() -> Tensor { unary(CT_TRUNC, "truncated") }
    /// −1, 0 or 1.
    public func sign() -> Tensor { unary(CT_SIGN, "sign") }
    /// Whether each element is neither infinite nor NaN, as bool.
    public func isFinite() -> Tensor { unary(CT_ISFINITE, "isFinite") }
    /// Whether each element is NaN, as bool.
    public func isNaN() -> Tensor { unary(CT_ISNAN, "isNaN") }
    /// Argument of complex elements in radians.
    public func angle() -> Tensor { unary(CT_ANGLE, "angle") }
    /// Real part of complex elements.
    public func real() -> Tensor { unary(CT_REAL, "real") }
    /// Imaginary part of complex elements.
    public func imaginary() -> Tensor { unary(CT_IMAG, "imaginary") }
    /// Complex conjugate.
    public func conjugate() -> Tensor { unary(CT_CONJ, "conjugate") }
    /// Complex `[…]` seen as real `[…, 2]`.
    public func viewedAsReal() -> Tensor { unary(CT_VIEW_AS_REAL, "viewedAsReal") }
    /// Real `[…, 2]` seen as complex `[…]`.
    public func viewedAsComplex() -> Tensor { unary(CT_VIEW_AS_COMPLEX, "viewedAsComplex") }
    /// Exponentials along an axis, divided by their sum.
    public func softmax(axis: Int) -> Tensor { make("softmax", [self]) { ct_softmax(handle, Int64(axis), false, $0) } }
    /// Logarithm of ``softmax(axis:)``.
    public func logSoftmax(axis: Int) -> Tensor {
        make("logSoftmax", [self]) { ct_softmax(handle, Int64(axis), true, $0) }
    }
}
