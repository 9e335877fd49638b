package io.millrace.feature.registry;

/** Definitions for the tests of other packages. */
public final class DefinitionsFixture {

    private DefinitionsFixture() {}

    /** The definitions in this text. */
    public static Definitions parse(String text) {
        return DefinitionsParser.parse(FeatureRegistry.TENANT, 1, text);
    }
}
