// libvips for Swift. Its operations are variadic, which Swift cannot call, so the few that are used have a static
// inline wrapper here with a fixed argument list. Each takes borrowed arguments, returns 0 or -1 (the reason is in
// vips' error buffer), and on success hands out one new reference, or memory to free with g_free.
#pragma once

#include <vips/vips.h>

/// Which loader or saver a wrapper means. Chosen by the caller from the file's first bytes: letting vips look would
/// also ask its loaders for vector graphics, PDF and everything that ImageMagick knows.
typedef enum {
    HEIRLOOM_VIPS_JPEG,
    HEIRLOOM_VIPS_PNG,
    HEIRLOOM_VIPS_TIFF,
    HEIRLOOM_VIPS_WEBP,
    HEIRLOOM_VIPS_HEIF
} HeirloomVipsFormat;

/// Opens a picture: the header now, pixels from top to bottom when asked for; a damaged or short file fails.
static inline int heirloom_vips_load(
    VipsSource *_Nonnull source, HeirloomVipsFormat format, VipsImage *_Nullable *_Nonnull out
) {
    const VipsAccess access = VIPS_ACCESS_SEQUENTIAL;
    const VipsFailOn strict = VIPS_FAIL_ON_ERROR;
    switch (format) {
    case HEIRLOOM_VIPS_JPEG:
        return vips_jpegload_source(source, out, "access", access, "fail_on", strict, NULL);
    case HEIRLOOM_VIPS_PNG:
        return vips_pngload_source(source, out, "access", access, "fail_on", strict, NULL);
    case HEIRLOOM_VIPS_TIFF:
        return vips_tiffload_source(source, out, "access", access, "fail_on", strict, NULL);
    case HEIRLOOM_VIPS_WEBP:
        return vips_webpload_source(source, out, "access", access, "fail_on", strict, NULL);
    case HEIRLOOM_VIPS_HEIF:
        return vips_heifload_source(source, out, "access", access, "fail_on", strict, NULL);
    }
    return -1;
}

/// Shrinks while loading, upright, into a box, never enlarging; converts to sRGB by the embedded profile if there is
/// one and `profiled` is set, else by vips' own formulas.
static inline int heirloom_vips_thumbnail(
    VipsSource *_Nonnull source, int width, int height, gboolean profiled, VipsImage *_Nullable *_Nonnull out
) {
    // libvips 8.14 has a property "fail_on" here, but forgets to hand it to the loader of a source.
    const char *strict = "[fail_on=error]";
    if (profiled)
        return vips_thumbnail_source(
            source, out, width, "height", height, "size", VIPS_SIZE_DOWN, "option_string", strict, "export_profile",
            "srgb", "intent", VIPS_INTENT_RELATIVE, NULL);
    return vips_thumbnail_source(
        source, out, width, "height", height, "size", VIPS_SIZE_DOWN, "option_string", strict, NULL);
}

/// Turns and mirrors by the orientation tag, so that the picture is upright.
static inline int heirloom_vips_upright(VipsImage *_Nonnull in, VipsImage *_Nullable *_Nonnull out) {
    return vips_autorot(in, out, NULL);
}

/// Converts to sRGB by the embedded profile; where there is none, by `fallback` (vips' names "srgb" and "cmyk").
static inline int heirloom_vips_profile_to_srgb(
    VipsImage *_Nonnull in, int depth, const char *_Nonnull fallback, VipsImage *_Nullable *_Nonnull out
) {
    return vips_icc_transform(
        in, out, "srgb", "embedded", TRUE, "input_profile", fallback, "depth", depth, "intent",
        VIPS_INTENT_RELATIVE, "black_point_compensation", TRUE, NULL);
}

/// Converts between the spaces that vips knows by formula.
static inline int heirloom_vips_colourspace(
    VipsImage *_Nonnull in, VipsInterpretation space, VipsImage *_Nullable *_Nonnull out
) {
    return vips_colourspace(in, out, space, NULL);
}

/// Lays a picture with alpha, the last band, on white.
static inline int heirloom_vips_flatten(VipsImage *_Nonnull in, double white, VipsImage *_Nullable *_Nonnull out) {
    VipsArrayDouble *background = vips_array_double_newv(1, white);
    int result = vips_flatten(in, out, "background", background, "max_alpha", white, NULL);
    vips_area_unref(VIPS_AREA(background));
    return result;
}

/// Keeps `count` bands from band `first` on.
static inline int heirloom_vips_bands(
    VipsImage *_Nonnull in, int first, int count, VipsImage *_Nullable *_Nonnull out
) {
    return vips_extract_band(in, out, first, "n", count, NULL);
}

/// Rounds 8-bit samples into range; a no-op where they are.
static inline int heirloom_vips_to_uchar(VipsImage *_Nonnull in, VipsImage *_Nullable *_Nonnull out) {
    return vips_cast_uchar(in, out, NULL);
}

/// The same pixels said to be in `space`, at a resolution in pixels per millimetre.
static inline int heirloom_vips_describe(
    VipsImage *_Nonnull in, VipsInterpretation space, double xres, double yres, VipsImage *_Nullable *_Nonnull out
) {
    return vips_copy(in, out, "interpretation", space, "xres", xres, "yres", yres, NULL);
}

/// JPEG, 1...100; `full_chroma` keeps chroma at full resolution.
static inline int heirloom_vips_save_jpeg(
    VipsImage *_Nonnull in, int quality, gboolean full_chroma, void *_Nullable *_Nonnull bytes,
    size_t *_Nonnull count
) {
    return vips_jpegsave_buffer(
        in, bytes, count, "Q", quality, "subsample_mode",
        full_chroma ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON, "optimize_coding", TRUE, NULL);
}

/// PNG with filters, which photographs need: without them files are a third larger.
static inline int heirloom_vips_save_png(
    VipsImage *_Nonnull in, int compression, void *_Nullable *_Nonnull bytes, size_t *_Nonnull count
) {
    return vips_pngsave_buffer(
        in, bytes, count, "compression", compression, "filter", VIPS_FOREIGN_PNG_FILTER_ALL, NULL);
}

/// TIFF, losslessly compressed.
static inline int heirloom_vips_save_tiff(
    VipsImage *_Nonnull in, void *_Nullable *_Nonnull bytes, size_t *_Nonnull count
) {
    return vips_tiffsave_buffer(
        in, bytes, count, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE, "predictor",
        VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, NULL);
}

/// WebP, 1...100 or lossless.
static inline int heirloom_vips_save_webp(
    VipsImage *_Nonnull in, int quality, gboolean lossless, void *_Nullable *_Nonnull bytes, size_t *_Nonnull count
) {
    return vips_webpsave_buffer(
        in, bytes, count, "Q", quality, "lossless", lossless, "smart_subsample", quality >= 90, NULL);
}

/// HEIC (HEVC) or AVIF (AV1), 1...100 or lossless.
static inline int heirloom_vips_save_heif(
    VipsImage *_Nonnull in, gboolean av1, int quality, gboolean lossless, gboolean full_chroma,
    void *_Nullable *_Nonnull bytes, size_t *_Nonnull count
) {
    return vips_heifsave_buffer(
        in, bytes, count, "compression",
        av1 ? VIPS_FOREIGN_HEIF_COMPRESSION_AV1 : VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, "Q", quality, "lossless",
        lossless, "subsample_mode", full_chroma ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON, NULL);
}

/// The macro VIPS_INIT: checks the library against these headers' ABI, then starts it.
static inline int heirloom_vips_start(void) {
    if (vips_init("heirloom")) return -1;
    // Every picture is decoded once and copied out; a cache of operations would only keep them alive.
    vips_cache_set_max(0);
    return 0;
}

/// Puts the bands of one picture behind those of another.
static inline int heirloom_vips_join(
    VipsImage *_Nonnull first, VipsImage *_Nonnull second, VipsImage *_Nullable *_Nonnull out
) {
    return vips_bandjoin2(first, second, out, NULL);
}
