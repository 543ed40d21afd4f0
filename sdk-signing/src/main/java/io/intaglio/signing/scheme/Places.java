package io.intaglio.signing.scheme;

/** The places a value can go to. Made for static import. */
public final class Places {
    private Places() {}

    /** A header. */
    public static Place header(String name) {
        return new Place(Place.Kind.HEADER, name, false, false);
    }

    /** A query field, after the others unless {@link Place#first()}. */
    public static Place param(String name) {
        return new Place(Place.Kind.QUERY, name, false, false);
    }

    /** A form field, after the others unless {@link Place#first()}. */
    public static Place formField(String name) {
        return new Place(Place.Kind.FORM, name, false, false);
    }

    /** A member of the JSON object in the body, after the others unless {@link Place#first()}. */
    public static Place jsonField(String name) {
        return new Place(Place.Kind.JSON, name, false, false);
    }

    /** Where the call's own parameters are: the form or the JSON object if the request has one, else the query. */
    public static Place parameter(String name) {
        return new Place(Place.Kind.PARAMETER, name, false, false);
    }

    /** The whole body, replaced. */
    public static Place body(String contentType) {
        return new Place(Place.Kind.BODY, contentType, false, false);
    }
}
