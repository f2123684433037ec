"""Who is what in a group or a channel: the Bot API's `ChatMember`, in full."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e.telegram_server.messages import Json, User

_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories", "can_pin_messages",
    "can_manage_topics", "can_post_messages", "can_edit_messages",
)  # fmt: skip
_PERMISSIONS = (
    "can_send_messages", "can_send_polls", "can_send_other_messages", "can_add_web_page_previews", "can_send_audios",
    "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes", "can_send_voice_notes",
)  # fmt: skip
_FURTHER = (
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
    "can_react_to_messages",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody's standing: creator, administrator, member, restricted, left or kicked."""

    user: User
    status: str = "member"
    anonymous: bool = False
    #: Of somebody who is restricted.
    can_send: bool = True
    can_send_photos: bool = True

    @property
    def is_admin(self) -> bool:
        """Whether they run the chat."""
        return self.status in {"creator", "administrator"}

    @property
    def is_in(self) -> bool:
        """Whether they are in the chat at all."""
        return self.status not in {"left", "kicked"}

    def json(self) -> Json:
        """Return the Bot API's `ChatMember`."""
        base: Json = {"user": self.user.json(), "status": self.status}
        match self.status:
            case "creator":
                return base | {"is_anonymous": self.anonymous}
            case "administrator":
                return base | {"is_anonymous": self.anonymous, "can_be_edited": False} | dict.fromkeys(_RIGHTS, True)
            case "restricted":
                permissions = dict.fromkeys(_PERMISSIONS, self.can_send) | dict.fromkeys(_FURTHER, False)
                permissions["can_send_photos"] = self.can_send and self.can_send_photos
                return base | {"is_member": True, "until_date": 0} | permissions
            case "kicked":
                return base | {"until_date": 0}
            case _:
                return base
