"""Mail over real SMTP, shown on a page, with failures that can be switched on."""

import smtplib
import time
from email.message import EmailMessage

import pytest
from tests.outside import Outside


def send(outside: Outside, to: str = "an@x.example", subject: str = "Nhắc việc", text: str = "Nội dung") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "so@x.example", to, subject
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", outside.smtp_port, timeout=10) as server:
        server.send_message(message)


def page_of(outside: Outside, path: str) -> str:
    return outside.ask("GET", path).text


def test_a_mail_arrives_with_its_headers_and_text(outside: Outside) -> None:
    send(outside, to="An@X.example")

    (letter,) = outside.letters(to="an@x.example")
    assert (letter["subject"], letter["text"].strip(), letter["to"]) == ("Nhắc việc", "Nội dung", ["an@x.example"])
    assert ["From", "so@x.example"] in letter["headers"]
    assert outside.letters(to="binh@x.example") == []


def test_the_page_lists_newest_first_and_escapes_what_it_shows(outside: Outside) -> None:
    send(outside, subject="Một")
    send(outside, subject="<script>Hai</script>", text='<img src=x> http://127.0.0.1/"onmouseover="x')

    listed = page_of(outside, "mail/")
    shown = page_of(outside, f"mail/{outside.letters()[0]['id']}/")

    assert listed.index("&lt;script&gt;Hai") < listed.index("Một")
    assert "<script>" not in listed + shown
    assert "<img" not in shown
    assert 'href="http://127.0.0.1/' in shown
    assert '"onmouseover' not in shown


def test_pages_speak_vietnamese_and_english(outside: Outside) -> None:
    assert "Chưa có thư nào" in page_of(outside, "mail/")
    english = page_of(outside, "?lang=en")
    assert "E-mail" in english
    assert 'href="/mail/?lang=en"' in english


def test_one_address_is_refused_and_the_others_are_not(outside: Outside) -> None:
    outside.fail(refuse="an@*")

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(outside)
    send(outside, to="binh@x.example")

    assert refusal.value.recipients["an@x.example"][0] == 550
    assert [letter["to"] for letter in outside.letters()] == [["binh@x.example"]]


def test_greylisting_puts_off_the_first_time_only(outside: Outside) -> None:
    outside.fail(greylist="*")

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(outside)
    send(outside)

    assert refusal.value.recipients["an@x.example"][0] == 451
    assert len(outside.letters()) == 1


def test_a_slow_server_takes_its_time(outside: Outside) -> None:
    outside.fail(slow=0.4)
    began = time.monotonic()

    send(outside)

    assert time.monotonic() - began >= 0.4


def test_a_switch_that_does_not_exist_or_is_too_large_sets_nothing(outside: Outside) -> None:
    for wanted in ({"refuse": "*", "explode": "1"}, {"refuse": "*", "slow": "9999"}):
        assert outside.ask("PUT", "mail/failures.json", json=wanted).status_code == 422

    assert outside.ask("GET", "mail/failures.json").json() == {"refuse": "", "greylist": "", "slow": ""}


def test_forgetting_empties_the_mailbox_and_ends_failures(outside: Outside) -> None:
    send(outside)
    outside.fail(refuse="*")

    outside.forget()

    assert outside.letters() == []
    assert outside.ask("GET", "mail/failures.json").json()["refuse"] == ""


def test_a_host_name_of_elsewhere_is_not_served(outside: Outside) -> None:
    assert outside.ask("GET", "mail/messages.json", headers={"Host": "evil.example"}).status_code == 400
