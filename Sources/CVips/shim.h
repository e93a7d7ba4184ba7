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

/// JPEG, 1...100; `full_chroma` keeps chroma at full resolution; `optimized` makes the file some percent smaller and
/// holds the whole picture's coefficients, 6 bytes a pixel.
static inline int heirloom_vips_save_jpeg(
    VipsImage *_Nonnull in, VipsTarget *_Nonnull target, int quality, gboolean full_chroma, gboolean optimized
) {
    return vips_jpegsave_target(
        in, target, "Q", quality, "subsample_mode",
        full_chroma ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON, "optimize_coding", optimized, NULL);
}

/// PNG with filters, which photographs need: without them files are a third larger.
static inline int heirloom_vips_save_png(VipsImage *_Nonnull in, VipsTarget *_Nonnull target, int compression) {
    return vips_pngsave_target(
        in, target, "compression", compression, "filter", VIPS_FOREIGN_PNG_FILTER_ALL, NULL);
}

/// TIFF, losslessly compressed; `big` allows more than 4 GB and needs a newer reader.
static inline int heirloom_vips_save_tiff(VipsImage *_Nonnull in, VipsTarget *_Nonnull target, gboolean big) {
    return vips_tiffsave_target(
        in, target, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE, "predictor",
        VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "bigtiff", big, NULL);
}

/// WebP, 1...100 or lossless.
static inline int heirloom_vips_save_webp(
    VipsImage *_Nonnull in, VipsTarget *_Nonnull target, int quality, gboolean lossless
) {
    return vips_webpsave_target(
        in, target, "Q", quality, "lossless", lossless, "smart_subsample", quality >= 90, NULL);
}

/// HEIC (HEVC) or AVIF (AV1), 1...100 or lossless.
static inline int heirloom_vips_save_heif(
    VipsImage *_Nonnull in, VipsTarget *_Nonnull target, gboolean av1, int quality, gboolean lossless,
    gboolean full_chroma
) {
    return vips_heifsave_target(
        in, target, "compression",
        av1 ? VIPS_FOREIGN_HEIF_COMPRESSION_AV1 : VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, "Q", quality, "lossless",
        lossless, "subsample_mode", full_chroma ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON, NULL);
}

/// What savers wrote to a target in memory, once they have ended it; to be given back with vips_area_unref.
static inline VipsArea *_Nullable heirloom_vips_written(VipsTarget *_Nonnull target) {
    VipsBlob *blob = NULL;
    g_object_get(target, "blob", &blob, NULL);
    return blob ? VIPS_AREA(blob) : NULL;
}

/// Where savers write: what they call, with the context first. Each gives the bytes moved, or −1; a seek gives the new
/// place. Readers and seekers are needed by TIFF only.
typedef struct {
    void *_Nonnull context;
    gint64 (*_Nonnull write)(void *_Nonnull context, const void *_Nonnull bytes, gint64 count);
    gint64 (*_Nonnull read)(void *_Nonnull context, void *_Nonnull bytes, gint64 count);
    gint64 (*_Nonnull seek)(void *_Nonnull context, gint64 offset, int whence);
} HeirloomVipsSink;

static inline gint64 heirloom_vips_sink_write(VipsTargetCustom *_Nonnull target, void *_Nonnull bytes, gint64 count,
                                              HeirloomVipsSink *_Nonnull sink) {
    return sink->write(sink->context, bytes, count);
}

static inline gint64 heirloom_vips_sink_read(VipsTargetCustom *_Nonnull target, void *_Nonnull bytes, gint64 count,
                                             HeirloomVipsSink *_Nonnull sink) {
    return sink->read(sink->context, bytes, count);
}

static inline gint64 heirloom_vips_sink_seek(VipsTargetCustom *_Nonnull target, gint64 offset, int whence,
                                             HeirloomVipsSink *_Nonnull sink) {
    return sink->seek(sink->context, offset, whence);
}

/// A target that calls a sink, which must outlive it.
static inline VipsTarget *_Nullable heirloom_vips_target(HeirloomVipsSink *_Nonnull sink) {
    VipsTargetCustom *target = vips_target_custom_new();
    if (!target) return NULL;
    g_signal_connect(target, "write", G_CALLBACK(heirloom_vips_sink_write), sink);
    g_signal_connect(target, "read", G_CALLBACK(heirloom_vips_sink_read), sink);
    g_signal_connect(target, "seek", G_CALLBACK(heirloom_vips_sink_seek), sink);
    return VIPS_TARGET(target);
}

/// What fills `height` whole rows from row `top` on, `stride` bytes from one to the next; 0, or −1 where it cannot.
typedef struct {
    void *_Nonnull context;
    int (*_Nonnull fill)(void *_Nonnull context, int top, int height, void *_Nonnull first, gint64 stride);
} HeirloomVipsRows;

static inline int heirloom_vips_fill(
    VipsRegion *_Nonnull region, void *_Nullable seq, void *_Nonnull rows, void *_Nullable unused,
    gboolean *_Nullable stop
) {
    const HeirloomVipsRows *source = (const HeirloomVipsRows *)rows;
    const VipsRect *place = &region->valid;
    if (place->left != 0 || place->width != region->im->Xsize) return -1;
    return source->fill(source->context, place->top, place->height, VIPS_REGION_ADDR(region, 0, place->top),
                        (gint64)VIPS_REGION_LSKIP(region));
}

/// A picture whose rows are asked for once each by a saver, in whole rows, by several threads that may overtake each
/// other. `rows` must outlive it. (Not put in order by vips_sequential, which would go on with black rows at the end.)
static inline int heirloom_vips_pull(
    HeirloomVipsRows *_Nonnull rows, int width, int height, int bands, VipsBandFormat format,
    VipsInterpretation space, double xres, double yres, VipsImage *_Nullable *_Nonnull out
) {
    VipsImage *image = vips_image_new();
    vips_image_init_fields(image, width, height, bands, format, VIPS_CODING_NONE, space, xres, yres);
    if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_FATSTRIP, NULL) ||
        vips_image_generate(image, NULL, heirloom_vips_fill, NULL, rows, NULL)) {
        g_object_unref(image);
        return -1;
    }
    *out = image;
    return 0;
}

/// Computes rows of a picture that is read from top to bottom; `bytes` gets them without gaps.
///
/// In the caller's thread and not by vips_image_write: its thread pool (seen with 8.14) now and then calls a failure in
/// the last rows success, and leaves them as the memory was.
static inline int heirloom_vips_read_rows(VipsImage *_Nonnull in, int top, int height, void *_Nonnull bytes) {
    const size_t length = VIPS_IMAGE_SIZEOF_LINE(in);
    VipsRegion *region = vips_region_new(in);
    if (!region) return -1;
    for (int done = 0, count; done < height; done += count) {
        count = VIPS_MIN(64, height - done);
        const VipsRect place = {0, top + done, in->Xsize, count};
        if (vips_region_prepare(region, &place)) {
            g_object_unref(region);
            return -1;
        }
        for (int row = done; row < done + count; row++)
            memcpy((VipsPel *)bytes + row * length, VIPS_REGION_ADDR(region, 0, top + row), length);
    }
    g_object_unref(region);
    return 0;
}

/// The picture in memory, with everything that is known about it.
static inline int heirloom_vips_hold(VipsImage *_Nonnull in, VipsImage *_Nullable *_Nonnull out) {
    VipsImage *image = vips_image_new_memory();
    if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_ANY, in, NULL) || vips_image_write_prepare(image) ||
        heirloom_vips_read_rows(in, 0, in->Ysize, VIPS_IMAGE_ADDR(image, 0, 0))) {
        g_object_unref(image);
        return -1;
    }
    *out = image;
    return 0;
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
