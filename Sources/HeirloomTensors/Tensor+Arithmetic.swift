import CTorch

extension Tensor {
    func unary(_ op: Int, _ name: StaticString) -> Tensor {
        make("\(name)", [self]) { ct_unary(Int32(op), handle, $0) }
    }

    func binary(_ op: Int, _ name: StaticString, _ other: Tensor) -> Tensor {
        make("\(name)", [self, other]) { ct_binary(Int32(op), handle, other.handle, $0) }
    }

    func binary(_ op: Int, _ name: StaticString, _ scalar: Double, reversed: Bool = false) -> Tensor {
        make("\(name)", [self]) { ct_binary_scalar(Int32(op), handle, scalar, reversed, $0) }
    }

    /// Elementwise sum, broadcasting.
    public static func + (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_ADD, "+", rhs) }
    /// Elementwise difference, broadcasting.
    public static func - (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_SUB, "-", rhs) }
    /// Elementwise product, broadcasting.
    public static func * (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_MUL, "*", rhs) }
    /// Elementwise quotient, broadcasting.
    public static func / (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_DIV, "/", rhs) }
    /// Adds a number to every element.
    public static func + (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_ADD, "+", rhs) }
    /// Subtracts a number from every element.
    public static func - (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_SUB, "-", rhs) }
    /// Multiplies every element by a number.
    public static func * (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_MUL, "*", rhs) }
    /// Divides every element by a number.
    public static func / (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_DIV, "/", rhs) }
    /// Adds a number to every element.
    public static func + (lhs: Double, rhs: Tensor) -> Tensor { rhs.binary(CT_ADD, "+", lhs) }
    /// Subtracts every element from a number.
    public static func - (lhs: Double, rhs: Tensor) -> Tensor { rhs.binary(CT_SUB, "-", lhs, reversed: true) }
    /// Multiplies every element by a number.
    public static func * (lhs: Double, rhs: Tensor) -> Tensor { rhs.binary(CT_MUL, "*", lhs) }
    /// Divides a number by every element.
    public static func / (lhs: Double, rhs: Tensor) -> Tensor { rhs.binary(CT_DIV, "/", lhs, reversed: true) }
    /// Changes the sign of every element.
    public static prefix func - (operand: Tensor) -> Tensor { operand.unary(CT_NEG, "-") }
    /// Rebinds the left side to the sum; nothing is written through.
    public static func += (lhs: inout Tensor, rhs: Tensor) { lhs = lhs + rhs }
    /// Rebinds the left side to the difference; nothing is written through.
    public static func -= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs - rhs }
    /// Rebinds the left side to the product; nothing is written through.
    public static func *= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs * rhs }

    /// Elementwise equality, as bool.
    public static func .== (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_EQ, ".==", rhs) }
    /// Elementwise inequality, as bool.
    public static func .!= (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_NE, ".!=", rhs) }
    /// Elementwise comparison, as bool.
    public static func .< (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_LT, ".<", rhs) }
    /// Elementwise comparison, as bool.
    public static func .<= (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_LE, ".<=", rhs) }
    /// Elementwise comparison, as bool.
    public static func .> (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_GT, ".>", rhs) }
    /// Elementwise comparison, as bool.
    public static func .>= (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_GE, ".>=", rhs) }
    /// Compares every element with a number, as bool.
    public static func .== (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_EQ, ".==", rhs) }
    /// Compares every element with a number, as bool.
    public static func .< (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_LT, ".<", rhs) }
    /// Compares every element with a number, as bool.
    public static func .<= (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_LE, ".<=", rhs) }
    /// Compares every element with a number, as bool.
    public static func .> (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_GT, ".>", rhs) }
    /// Compares every element with a number, as bool.
    public static func .>= (lhs: Tensor, rhs: Double) -> Tensor { lhs.binary(CT_GE, ".>=", rhs) }
    /// Elementwise logical and of two bool tensors.
    public static func .& (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_AND, ".&", rhs) }
    /// Elementwise logical or of two bool tensors.
    public static func .| (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.binary(CT_OR, ".|", rhs) }
    /// Elementwise logical not.
    public static prefix func .! (operand: Tensor) -> Tensor { operand.unary(CT_NOT, ".!") }

    /// Every element to a power.
    public func raised(to exponent: Double) -> Tensor { binary(CT_POW, "raised", exponent) }
    /// Elementwise power.
    public func raised(to exponent: Tensor) -> Tensor { binary(CT_POW, "raised", exponent) }
    /// A number to the power of every element.
    public static func power(of base: Double, _ exponent: Tensor) -> Tensor {
        exponent.binary(CT_POW, "power", base, reversed: true)
    }
    /// The larger of two elements.
    public func maximum(_ other: Tensor) -> Tensor { binary(CT_MAXIMUM, "maximum", other) }
    /// The smaller of two elements.
    public func minimum(_ other: Tensor) -> Tensor { binary(CT_MINIMUM, "minimum", other) }
    /// The angle of the vector (x, self) in radians.
    public func atan2(_ x: Tensor) -> Tensor { binary(CT_ATAN2, "atan2", x) }
    /// Remainder of the division by a number, with the sign of the divisor.
    public func remainder(_ divisor: Double) -> Tensor { binary(CT_REMAINDER, "remainder", divisor) }

    /// Limits every element to a range.
    public func clamped(to range: ClosedRange<Double>) -> Tensor {
        make("clamped", [self]) { ct_clamp(handle, true, range.lowerBound, true, range.upperBound, $0) }
    }
    /// Raises smaller elements to a lower bound.
    public func clamped(to range: PartialRangeFrom<Double>) -> Tensor {
        make("clamped", [self]) { ct_clamp(handle, true, range.lowerBound, false, 0, $0) }
    }
    /// Lowers larger elements to an upper bound.
    public func clamped(to range: PartialRangeThrough<Double>) -> Tensor {
        make("clamped", [self]) { ct_clamp(handle, false, 0, true, range.upperBound, $0) }
    }
    /// Linear interpolation towards another tensor: `self + weight · (other − self)`.
    public func interpolated(to other: Tensor, weight: Double) -> Tensor {
        make("interpolated", [self, other]) { ct_lerp(handle, other.handle, weight, $0) }
    }
    /// The tensor with a value wherever the mask is true.
    public func filled(_ value: Double, where mask: Tensor) -> Tensor {
        make("filled", [self, mask]) { ct_masked_fill(handle, mask.handle, value, $0) }
    }
    /// Same shape, type, device and values.
    public func isEqual(to other: Tensor) -> Bool {
        isDefined && other.isDefined && ct_equal(handle, other.handle)
    }
}

prefix operator .!

/// Elements of `a` where the condition is true, of `b` elsewhere, broadcasting.
public func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    make("where", [condition, a, b]) { ct_where(condition.handle, a.handle, b.handle, $0) }
}
