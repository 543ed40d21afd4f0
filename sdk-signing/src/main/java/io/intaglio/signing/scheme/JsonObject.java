package io.intaglio.signing.scheme;

/** A JSON object made of members; the part behind {@link Parts#json}. */
final class JsonObject implements Part {
    private final Member[] members;

    JsonObject(Member... members) {
        this.members = members.clone();
    }

    @Override
    public String label() {
        return "JSON";
    }

    @Override
    public void write(SigningInput input, ByteSink out) {
        out.write('{');
        boolean more = false;
        for (Member member : members) {
            more = member.write(input, out, more);
        }
        out.write('}');
    }
}
