package gpuspool.web;

/** What is asked for is not given; the text says why, and what the client can do. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int WRONG_METHOD = 405;

    private final int status;
    /** Methods of HTTP that the address takes, where it is the method that was wrong; else empty text. */
    private final String allowed;

    /** @param status of HTTP, 400 or above */
    Refusal(int status, String text) {
        this(status, text, "");
    }

    private Refusal(int status, String text, String allowed) {
        super(text);
        this.status = status;
        this.allowed = allowed;
    }

    /** An address that takes only these methods of HTTP was asked by another. */
    static Refusal ofMethod(String allowed, String text) {
        return new Refusal(WRONG_METHOD, text, allowed);
    }

    Answer answer() {
        Answer answer = Answer.text(status, getMessage() + "\n");
        return switch (status) {
            case 401 -> answer.with("WWW-Authenticate", "Bearer realm=\"gpuspool\"");
            case WRONG_METHOD -> answer.with("Allow", allowed);
            case 503 -> answer.with("Retry-After", "5");
            default -> answer;
        };
    }
}
