"""Addresses of the foundation's pages."""

from django.urls import path

from core.views import activity, entrance, home, invitations, preferences, tokens

urlpatterns = [
    path("", home.home, name="home"),
    path("now/", home.now_line, name="now_line"),
    path("now/first-steps/", home.first_steps, name="first_steps"),
    path("activity/", activity.activity, name="activity"),
    path("activity/jobs/", activity.job_board, name="job_board"),
    path("activity/memory/", activity.memory_now, name="memory"),
    path("activity/start/<str:kind>/", activity.start, name="start_job"),
    path("activity/<uuid:job_id>/", activity.job_page, name="job"),
    path("activity/<uuid:job_id>/cancel/", activity.cancel, name="cancel_job"),
    path("activity/<uuid:job_id>/retry/", activity.retry, name="retry_job"),
    path("settings/", preferences.account, name="settings"),
    path("settings/theme/", preferences.theme, name="theme"),
    path("settings/password/", preferences.password, name="password"),
    path("settings/about/", preferences.about, name="about"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("settings/tokens/<int:token_id>/unrevoke/", tokens.unrevoke, name="unrevoke_token"),
    path("settings/invitations/", invitations.invitations, name="invitations"),
    path("settings/invitations/<int:invitation_id>/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("login/", entrance.sign_in, name="login"),
    path("logout/", entrance.sign_out, name="logout"),
    path("welcome/<str:secret>/", entrance.welcome, name="welcome"),
]
